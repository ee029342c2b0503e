// What stands within a pipeline, or within a regressor of transformed targets.

/** What ends pipelines and learns what others transform; or the estimator itself. */
export function endOf(model: unknown): unknown {
  let end = Object(model);
  while (true) {
    if (Object.hasOwn(end, 'transformers') && Object.hasOwn(end, 'estimator')) end = Object(end.estimator);
    else if (Object.hasOwn(end, 'regressor')) end = Object(end.regressor);
    else return end;
  }
}

/** The quantiles that a fitted model predicts, if it does. */
export const quantilesOf = (model: unknown) => (endOf(model) as { quantiles?: readonly number[] }).quantiles;

/** Whether it is to learn quantiles. */
export function wantsQuantiles(model: unknown): boolean {
  const end = endOf(model) as { getParams?(): { loss?: unknown }; quantiles?: readonly number[] };
  const { loss } = Object(end.getParams?.()) as { loss?: unknown };
  return loss === undefined ? end.quantiles !== undefined : loss === 'pinball';
}
