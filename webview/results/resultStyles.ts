/** The look of the tables of gates and of the report; theme variables only. */
import { css } from "lit";

export const RESULT = css`
  :host {
    display: block;
    overflow: auto;
    padding: 8px 16px 24px;
  }
  section {
    max-width: 1100px;
    margin-bottom: 20px;
  }
  h2,
  h3 {
    margin: 12px 0 6px;
    font-size: 1.05em;
  }
  h3 {
    font-size: 1em;
    font-weight: normal;
    color: var(--vscode-descriptionForeground);
  }
  .away {
    position: absolute;
    clip-path: inset(50%);
    margin: 0;
  }
  td .link {
    min-height: 24px;
    min-width: 24px;
  }
  td {
    line-height: 24px;
  }
  .dim {
    line-height: 18px;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    table-layout: fixed;
  }
  .wide {
    width: 28%;
  }
  .narrow {
    width: 74px;
  }
  th {
    text-align: left;
    font-weight: 600;
    color: var(--vscode-descriptionForeground);
  }
  th,
  td {
    padding: 3px 10px 3px 0;
    vertical-align: top;
    overflow-wrap: anywhere;
    /* What no rule may break stays in its cell. */
    overflow: hidden;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
  }
  .number {
    text-align: right;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  th.number {
    white-space: normal;
  }
  .facts {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 2px 16px;
    margin: 0;
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .facts + table {
    margin-top: 10px;
  }
  .big {
    display: flex;
    flex-wrap: wrap;
    gap: 24px;
    margin: 8px 0 4px;
  }
  .big > div {
    min-width: 90px;
  }
  .big strong {
    display: block;
    font-size: 1.5em;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .verdict {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    white-space: nowrap;
  }
  .verdict > span {
    color: var(--vscode-foreground);
  }
  .PASS {
    color: var(--vscode-testing-iconPassed);
  }
  .WARN {
    color: var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow));
  }
  .FAIL {
    color: var(--vscode-testing-iconFailed);
  }
  /* The warning colour is too pale for text in the light theme; it underlines instead. */
  .late {
    font-weight: 600;
    text-decoration: underline
      var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow));
  }
  tr.evidence td {
    padding: 4px 0 10px 24px;
  }
`;
