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
  .tab {
    font: inherit;
    color: var(--vscode-foreground);
    background: none;
    border: none;
    border-bottom: 2px solid transparent;
    padding: 4px 2px;
    cursor: pointer;
  }
  .tab[aria-selected="true"] {
    border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
  }
  .problem {
    padding: 4px 12px;
    color: var(--vscode-errorForeground);
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
  footer {
    flex: none;
    padding: 2px 12px;
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
  }
  footer input {
    flex: 1;
    accent-color: var(--vscode-progressBar-background);
  }
  .count {
    font-variant-numeric: tabular-nums;
  }
  .past {
    color: var(--vscode-charts-orange);
  }
`;
