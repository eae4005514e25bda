/** The look of the run view's frame; theme variables only. */
import { css } from "lit";

export const RUN_VIEW = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100vh;
    background: var(--vscode-editor-background);
  }
  header {
    flex: none;
    padding: 8px 12px 0;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
  }
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 26px;
  }
  .gap {
    flex: 1;
  }
  h1 {
    font-size: 1.1em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    margin: 0;
  }
  .run {
    padding-bottom: 2px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .line > * {
    flex: none;
  }
  .line > h1,
  .line > .run {
    flex: 0 1 auto;
    min-width: 40px;
  }
  .line > .gap {
    flex: 1;
  }
  .line.budget > span {
    flex: 1 1 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .link.figure {
    color: var(--vscode-descriptionForeground);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .check {
    display: flex;
    gap: 4px;
    align-items: center;
    cursor: pointer;
  }
  .check input {
    accent-color: var(--vscode-checkbox-selectBackground, var(--vscode-focusBorder));
  }
  .loading {
    padding: 12px;
  }
  .problem {
    display: flex;
    justify-content: space-between;
    align-items: center;
    padding: 2px 12px;
    flex: none;
    overflow: hidden;
    color: var(--vscode-errorForeground);
  }
  .problem > span {
    min-width: 0;
    max-height: 6em;
    overflow: auto;
    overflow-wrap: anywhere;
  }
  .middle {
    display: flex;
    flex: 1;
    min-height: 0;
  }
  .main {
    display: flex;
    flex: 2;
    min-width: 0;
  }
  .main > * {
    flex: 1;
    min-width: 0;
  }
  .side {
    flex: 1;
    min-width: 240px;
    max-width: 480px;
    border-left: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
  }
`;
