/** The requests that go over HTTP. */
import type {
  HttpExpectation,
  HttpStep,
  WorkerCallStep,
} from "../../../workflow/definition/callSteps.ts";
import type { HttpRequest, WorkerRequest } from "../../request.ts";
import { secondsFor } from "../../worker/contract.ts";
import {
  type Evaluated,
  type Moment,
  type Place,
  render,
  renderObject,
  renderText,
} from "../scope.ts";
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

/** The request of a `worker_call` step. The worker is told the step's time, as its contract takes it. */
export function workerRequest(
  moment: Moment,
  place: Place,
  step: WorkerCallStep,
): Evaluated<WorkerRequest> {
  const worker = renderText(moment, place, step.worker);
  if (!worker.ok) return worker;
  const operation = renderText(moment, place, step.operation);
  if (!operation.ok) return operation;
  const parameters = renderObject(moment, place, step.parameters);
  if (!parameters.ok) return parameters;
  const headers =
    step.headers === undefined ? undefined : renderSecrets(moment, place, step.headers);
  if (headers && !headers.ok) return headers;
  const { timeout, priority } = step;
  const seconds = timeout === undefined ? {} : { timeout_seconds: secondsFor(timeout) };
  return {
    ok: true,
    value: {
      activity: "worker",
      worker: worker.value.trim(),
      operation: operation.value.trim(),
      parameters: parameters.value,
      ...(headers ? { headers: headers.value } : {}),
      ...(priority === undefined ? {} : { priority }),
      ...seconds,
    },
  };
}
