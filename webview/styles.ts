/** Colours and shapes that the parts share; theme variables only. */
import { css } from "lit";

export const SHARED = css`
  :host {
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size);
  }
  .dim {
    color: var(--vscode-descriptionForeground);
  }
  .code,
  pre {
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size);
  }
  pre {
    margin: 4px 0;
    padding: 6px 8px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    max-height: 22em;
    overflow: auto;
    background: var(--vscode-textCodeBlock-background);
    border: 1px solid var(--vscode-widget-border, transparent);
  }
  h2 {
    font-size: 1.1em;
    margin: 0 0 2px;
    overflow-wrap: anywhere;
  }
  h3 {
    font-size: 1em;
    margin: 12px 0 2px;
  }
  h4 {
    margin: 8px 0 0;
    font-size: 1em;
    font-weight: normal;
    color: var(--vscode-descriptionForeground);
  }
  .link {
    color: var(--vscode-textLink-foreground);
    background: none;
    border: none;
    padding: 0;
    font: inherit;
    cursor: pointer;
    text-align: left;
    overflow-wrap: anywhere;
  }
  .link.code {
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size);
  }
  .link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
  .word {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    white-space: nowrap;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
`;

/** The colour of each status, for text, icons and bars. */
export const STATUS = css`
  .queued,
  .skipped,
  .cancelled {
    color: var(--vscode-disabledForeground);
  }
  .running {
    color: var(--vscode-charts-blue);
  }
  .asking,
  .waiting {
    color: var(--vscode-charts-yellow);
  }
  .paused,
  .interrupted {
    color: var(--vscode-debugIcon-pauseForeground, var(--vscode-charts-blue));
  }
  .retrying {
    color: var(--vscode-charts-orange);
  }
  .done {
    color: var(--vscode-testing-iconPassed);
  }
  .failed,
  .rejected {
    color: var(--vscode-testing-iconFailed);
  }
`;
