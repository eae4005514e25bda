/** Every filter by name. */
import { type Table, tableOf } from "../definition.ts";
import { ENCODING_FILTERS } from "./encode.ts";
import { LAYOUT_FILTERS } from "./layout.ts";
import { LIST_FILTERS } from "./lists.ts";
import { NUMBER_FILTERS } from "./numbers.ts";
import { OBJECT_FILTERS } from "./objects.ts";
import { ORDER_FILTERS } from "./order.ts";
import { REGEX_FILTERS } from "./regex.ts";
import { SELECT_FILTERS } from "./select.ts";
import { TEXT_FILTERS } from "./text.ts";

export const FILTERS: Table = tableOf([
  ...ENCODING_FILTERS,
  ...LAYOUT_FILTERS,
  ...LIST_FILTERS,
  ...NUMBER_FILTERS,
  ...OBJECT_FILTERS,
  ...ORDER_FILTERS,
  ...REGEX_FILTERS,
  ...SELECT_FILTERS,
  ...TEXT_FILTERS,
]);
