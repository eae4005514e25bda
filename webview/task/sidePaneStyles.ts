/** The look of the selected task's pane; theme variables only. */
import { css } from "lit";

export const SIDE_PANE = css`
  :host {
    display: block;
    box-sizing: border-box;
    overflow: auto;
    padding: 8px 12px 16px;
  }
  .line,
  .buttons {
    display: flex;
    gap: 6px;
    align-items: center;
    flex-wrap: wrap;
  }
  .buttons {
    margin: 6px 0;
  }
  .link {
    min-height: 24px;
  }
  .path {
    overflow-wrap: anywhere;
  }
  .failure {
    margin: 8px 0;
    padding: 6px 10px;
    border: 1px solid var(--vscode-inputValidation-errorBorder, var(--vscode-charts-red));
    background: var(--vscode-inputValidation-errorBackground, transparent);
    color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
  }
  .failure p {
    margin: 0 0 6px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    max-height: 14em;
    overflow: auto;
  }
  .facts {
    margin: 8px 0 0;
    display: grid;
    grid-template-columns: 1fr;
  }
  details.fact {
    border-bottom: 1px solid var(--vscode-panel-border, transparent);
  }
  .fact > summary,
  .plain {
    display: flex;
    gap: 8px;
    padding: 2px 0;
  }
  .plain {
    padding-left: 16px;
    border-bottom: 1px solid var(--vscode-panel-border, transparent);
  }
  summary {
    cursor: pointer;
  }
  .fact > summary::before {
    content: "\\25b8";
    width: 8px;
    flex: none;
  }
  .fact[open] > summary::before {
    content: "\\25be";
  }
  .fact > summary {
    list-style: none;
  }
  .name {
    flex: none;
    width: 92px;
    color: var(--vscode-descriptionForeground);
  }
  .value {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .inside {
    padding: 2px 0 8px 16px;
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  td,
  th {
    padding: 1px 10px 1px 0;
    vertical-align: top;
    text-align: left;
    overflow-wrap: anywhere;
  }
  th {
    font-weight: normal;
    color: var(--vscode-descriptionForeground);
    white-space: nowrap;
  }
  .number {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .PASS,
  .WARN,
  .FAIL {
    font-weight: 600;
  }
  .transcript {
    max-height: 26em;
  }
  .changed {
    font-weight: 600;
  }
`;
