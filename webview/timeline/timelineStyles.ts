/** The look of the timeline; theme variables only. */
import { css } from "lit";

export const TIMELINE = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow: hidden;
  }
  .axis {
    display: flex;
    flex: none;
    overflow: hidden;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
  }
  .corner,
  .labels {
    flex: none;
    width: 300px;
    border-right: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
  }
  .corner {
    height: 22px;
  }
  .ticks text {
    fill: var(--vscode-descriptionForeground);
    font-size: 11px;
  }
  .scroll {
    display: flex;
    flex: 1;
    min-height: 0;
    overflow: hidden auto;
    align-items: flex-start;
  }
  svg {
    display: block;
  }
  .label {
    display: flex;
    align-items: center;
    gap: 4px;
    height: 24px;
    padding: 0 6px 0 4px;
    overflow: hidden;
    white-space: nowrap;
    cursor: pointer;
  }
  .label:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .label.selected {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground);
  }
  .labels:focus .label.selected {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground);
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
    outline-offset: -1px;
  }
  .labels:focus {
    outline: none;
  }
  .indent {
    flex: none;
  }
  .twist {
    flex: none;
    width: 16px;
  }
  .label.selected .dim {
    color: inherit;
  }
  .title {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .about {
    flex: none;
    font-variant-numeric: tabular-nums;
  }
  .bars {
    flex: 1;
    overflow: hidden;
    touch-action: none;
  }
  .grid {
    stroke: var(--vscode-editorIndentGuide-background1, var(--vscode-widget-border));
    stroke-width: 1;
    opacity: 0.5;
    pointer-events: none;
  }
  .now {
    stroke: var(--vscode-charts-red);
    stroke-width: 1.5;
    pointer-events: none;
  }
  .hit {
    fill: transparent;
  }
  .row:hover .hit {
    fill: var(--vscode-list-hoverBackground);
  }
  .row.selected .hit {
    fill: var(--vscode-list-inactiveSelectionBackground);
  }
  .band {
    fill: var(--vscode-charts-foreground, var(--vscode-foreground));
    opacity: 0.05;
  }
  .bar.open,
  .bar.queued {
    fill: var(--vscode-disabledForeground);
    opacity: 0.6;
  }
  .bar.running {
    fill: var(--vscode-charts-blue);
  }
  .bar.done {
    fill: var(--vscode-testing-iconPassed, var(--vscode-charts-green));
  }
  .bar.failed {
    fill: var(--vscode-charts-red);
  }
  .bar.lost {
    fill: var(--vscode-disabledForeground);
  }
  .bar.retrying,
  .bar.paused {
    fill: var(--vscode-charts-orange);
  }
  .bar.asking,
  .bar.waiting {
    fill: url(#hatch);
    stroke: var(--vscode-charts-yellow);
  }
  .bar.critical {
    stroke: var(--vscode-foreground);
    stroke-width: 2;
  }
  .hatch-ground {
    fill: var(--vscode-charts-yellow);
    opacity: 0.25;
  }
  .hatch-line {
    stroke: var(--vscode-charts-yellow);
    stroke-width: 4;
  }
  .mark {
    fill: var(--vscode-editor-background);
    font-size: 10px;
    pointer-events: none;
  }
`;
