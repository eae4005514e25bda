/** An error that the caller may see. Anything else becomes a 500 without details. */
export class ApiError extends Error {
  constructor(status, code, message, headers = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

export function sendError(response, error) {
  if (error instanceof ApiError) {
    const { status, code, message, headers } = error;
    return sendJson(response, status, { error: { code, message } }, headers);
  }
  console.error(error);
  return sendJson(response, 500, { error: { code: "internal", message: "Something went wrong." } });
}
