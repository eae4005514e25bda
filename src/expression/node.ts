/**
 * The syntax tree of expressions and templates: plain data, a range on every node.
 * Owns the shapes only; parser, evaluator and references agree on them here.
 */

/** Offsets (UTF-16 units) into the source; `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Base extends Range {
  /** Its place without the brackets around it, where there are any. */
  readonly own?: Range;
  /** 1 for a leaf; bounded by the parser so that no walk over a tree can overflow the stack. */
  readonly height: number;
}

export type UnaryOperator = "+" | "-" | "not";
export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export interface NamedArgument extends Range {
  readonly name: string;
  readonly value: Expression;
}

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly NamedArgument[];
}

/** A callable's own name in the source, so that an error or a rename can point at it alone. */
export interface Callable {
  readonly name: string;
  readonly nameRange: Range;
  readonly args: Arguments;
}

export type Expression =
  | (Base & { readonly kind: "constant"; readonly value: null | boolean | string })
  | (Base & { readonly kind: "number"; readonly value: number; readonly float: boolean })
  | (Base & { readonly kind: "name"; readonly name: string })
  | (Base & { readonly kind: "member"; readonly object: Expression; readonly name: string })
  | (Base & { readonly kind: "index"; readonly object: Expression; readonly index: Expression })
  | (Base & {
      readonly kind: "slice";
      readonly object: Expression;
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
      readonly step: Expression | undefined;
    })
  | (Base & { readonly kind: "list"; readonly items: readonly Expression[] })
  | (Base & { readonly kind: "tuple"; readonly items: readonly Expression[] })
  | (Base & {
      readonly kind: "dict";
      readonly entries: readonly { readonly key: Expression; readonly value: Expression }[];
    })
  | (Base & {
      readonly kind: "unary";
      readonly operator: UnaryOperator;
      readonly operand: Expression;
    })
  | (Base & {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Base & {
      readonly kind: "logic";
      readonly operator: "and" | "or";
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Base & {
      readonly kind: "compare";
      readonly first: Expression;
      readonly rest: readonly {
        readonly operator: CompareOperator;
        readonly operand: Expression;
      }[];
    })
  | (Base & { readonly kind: "concat"; readonly parts: readonly Expression[] })
  | (Base & {
      readonly kind: "conditional";
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression | undefined;
    })
  | (Base & Callable & { readonly kind: "filter"; readonly input: Expression })
  | (Base &
      Callable & { readonly kind: "test"; readonly input: Expression; readonly negated: boolean })
  | (Base & Callable & { readonly kind: "call" })
  | (Base & Callable & { readonly kind: "method"; readonly object: Expression });

/** What a `for`, `set` or `with` assigns to: a name, several of them, or a field of a namespace. */
export type Target =
  | (Range & { readonly kind: "name"; readonly name: string })
  | (Range & { readonly kind: "field"; readonly name: string; readonly field: string })
  | (Range & { readonly kind: "names"; readonly targets: readonly Target[] });

/** A filter applied to a block of text; its `input` is that text. */
export interface BlockFilter extends Range, Callable {}

export type Statement =
  | (Range & { readonly kind: "text"; readonly text: string })
  | (Range & { readonly kind: "print"; readonly expression: Expression })
  | (Range & {
      readonly kind: "if";
      readonly branches: readonly { readonly test: Expression; readonly body: Body }[];
      readonly otherwise: Body;
    })
  | (Range & {
      readonly kind: "for";
      readonly target: Target;
      readonly items: Expression;
      readonly filter: Expression | undefined;
      readonly body: Body;
      readonly otherwise: Body;
    })
  | (Range & { readonly kind: "set"; readonly target: Target; readonly value: Expression })
  | (Range & {
      readonly kind: "capture";
      readonly target: Target;
      readonly filters: readonly BlockFilter[];
      readonly body: Body;
    })
  | (Range & {
      readonly kind: "with";
      readonly assignments: readonly { readonly target: Target; readonly value: Expression }[];
      readonly body: Body;
    })
  | (Range & {
      readonly kind: "filtered";
      readonly filters: readonly BlockFilter[];
      readonly body: Body;
    });

export type Body = readonly Statement[];

/** Where an expression itself stands, without brackets around it. */
export function ownRange({ own, start, end }: Expression): Range {
  return own ?? { start, end };
}
