/** The requests that go over HTTP. */
import type { HttpExpectation, HttpStep } from "../../../workflow/definition/callSteps.ts";
import type { HttpRequest } from "../../request.ts";
import { type Evaluated, type Moment, type Place, render, renderText } from "../scope.ts";
import { renderSecrets } from "./secretTexts.ts";

/** The request of an `http` step. */
export function httpRequest(moment: Moment, place: Place, step: HttpStep): Evaluated<HttpRequest> {
  const url = renderText(moment, place, step.url);
  if (!url.ok) return url;
  const headers =
    step.headers === undefined ? undefined : renderSecrets(moment, place, step.headers);
  if (headers && !headers.ok) return headers;
  const body = step.body === undefined ? undefined : render(moment, place, step.body);
  if (body && !body.ok) return body;
  return {
    ok: true,
    value: {
      activity: "http",
      method: step.method,
      url: url.value.trim(),
      ...(headers ? { headers: headers.value } : {}),
      ...(body ? { body: body.value } : {}),
      ...(step.expect ? { expect: expectation(step.expect) } : {}),
    },
  };
}

function expectation({ status, schema }: NonNullable<HttpStep["expect"]>): HttpExpectation {
  const wanted = typeof status === "string" ? [status] : status;
  return {
    ...(wanted === undefined ? {} : { status: wanted }),
    ...(schema === undefined ? {} : { schema }),
  };
}
