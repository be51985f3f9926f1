/**
 * The formula language of derived columns and checks, as `domain/formulas.py` reads it; both
 * are held to `tests/spec/formulas.json`. Nothing here runs text as code.
 */

import { Decimal } from "./decimal";
import { filled } from "./messages";

const MOST_CHARACTERS = 4000;
const MOST_NESTED = 30;
const DEEPEST = 200;
const MOST_DECIMALS = 10;

export type Tree =
  | { readonly kind: "number"; readonly value: Decimal }
  | { readonly kind: "column"; readonly column: string }
  | { readonly kind: "operation"; readonly name: string; readonly operands: readonly Tree[] };

export type Value = Decimal | boolean | null;

/** A formula that cannot be read, with the place (from 1) and the reason. */
export class BadFormula extends Error {
  constructor(
    readonly formula: string,
    readonly position: number,
    readonly reason: string,
  ) {
    super(
      filled("Công thức “{formula}” chưa đúng ở vị trí {position}: {reason}.", {
        formula: formula.length <= 80 ? formula : `${formula.slice(0, 79)}…`,
        position,
        reason,
      }),
    );
  }
}

const COMPARISONS: Readonly<Record<string, string>> = {
  "<": "<", "<=": "<=", "≤": "<=", "=": "=", "==": "=", "<>": "<>", "!=": "<>", "≠": "<>",
  ">=": ">=", "≥": ">=", ">": ">",
};
const FUNCTIONS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  sum: [1, 200], if: [3, 3], abs: [1, 1], round: [1, 2], min: [1, 200], max: [1, 200],
  coalesce: [1, 200],
};
const CONDITIONS = new Set([...Object.values(COMPARISONS), "and", "or", "not"]);
const TOKEN =
  /\s*(?:(?<number>[0-9]+(?:\.[0-9]+)?)|\[(?<column>[^[\]]*)\]|(?<word>[A-Za-z_]+)|(?<sign><=|>=|<>|==|!=|[-+*/(),<>=≤≥≠]))/y;

const known = new Map<string, Tree>();

export function parse(formula: string): Tree {
  let tree = known.get(formula);
  if (!tree) {
    if (formula.length > MOST_CHARACTERS) throw bad(formula, MOST_CHARACTERS, "công thức dài quá");
    tree = new Parser(formula).whole();
    known.set(formula, tree);
  }
  return tree;
}

/** Whether a tree gives true or false instead of a number. */
export function givesCondition(tree: Tree): boolean {
  let found = tree;
  while (found.kind === "operation" && found.name === "if") {
    found = found.operands[found.operands.length - 1] as Tree;
  }
  return found.kind === "operation" && CONDITIONS.has(found.name);
}

/** The columns a tree reads, each once, in the order they are written. */
export function columns(tree: Tree): string[] {
  const found = new Set<string>();
  const visit = (node: Tree): void => {
    if (node.kind === "column") found.add(node.column);
    else if (node.kind === "operation") node.operands.forEach(visit);
  };
  visit(tree);
  return [...found];
}

function depthOf(tree: Tree): number {
  let deepest = 0;
  const waiting: [Tree, number][] = [[tree, 1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, depth] = next;
    deepest = Math.max(deepest, depth);
    if (node.kind === "operation") {
      for (const operand of node.operands) waiting.push([operand, depth + 1]);
    }
  }
  return deepest;
}

/** What the tree gives for the values of one row; missing is nothing, never zero. */
export function evaluate(tree: Tree, values: ReadonlyMap<string, Decimal | null>): Value {
  if (tree.kind === "number") return tree.value;
  if (tree.kind === "column") return values.get(tree.column) ?? null;
  const { name, operands } = tree;
  if (name === "if") {
    const chosen = evaluate(operands[0] as Tree, values);
    return chosen === null ? null : evaluate(operands[chosen ? 1 : 2] as Tree, values);
  }
  const given = operands.map((operand) => evaluate(operand, values));
  if (name === "coalesce") return given.find((value) => value !== null) ?? null;
  const many = OF_MANY[name];
  if (many) {
    const present = given.filter((value): value is Decimal => value instanceof Decimal);
    return present.length ? present.reduce(many) : null;
  }
  return given.includes(null) ? null : apply(name, given as (Decimal | boolean)[]);
}

const OF_MANY: Readonly<Record<string, (a: Decimal, b: Decimal) => Decimal>> = {
  sum: (a, b) => a.plus(b),
  min: (a, b) => (b.compare(a) < 0 ? b : a),
  max: (a, b) => (b.compare(a) > 0 ? b : a),
};

type Numbers = (a: Decimal, b: Decimal) => Value;
const OF_NUMBERS: Readonly<Record<string, Numbers>> = {
  "+": (a, b) => a.plus(b),
  "-": (a, b) => a.minus(b),
  "*": (a, b) => a.times(b),
  "/": (a, b) => a.over(b),
  "<": (a, b) => a.compare(b) < 0,
  "<=": (a, b) => a.compare(b) <= 0,
  "=": (a, b) => a.equals(b),
  "<>": (a, b) => !a.equals(b),
  ">=": (a, b) => a.compare(b) >= 0,
  ">": (a, b) => a.compare(b) > 0,
  neg: (a) => a.negated(),
  abs: (a) => a.absolute(),
  round: (a, b) => a.roundedOrNothing(b ? Number(b.toString()) : 0),
};

function apply(name: string, given: readonly (Decimal | boolean)[]): Value {
  const ofNumbers = OF_NUMBERS[name];
  if (ofNumbers) return ofNumbers(given[0] as Decimal, given[1] as Decimal);
  const [left, right] = given as boolean[];
  if (name === "not") return !left;
  return name === "and" ? Boolean(left && right) : Boolean(left || right);
}

function bad(formula: string, position: number, reason: string): BadFormula {
  return new BadFormula(formula, position + 1, filled(reason, {}));
}

interface Token {
  readonly kind: string;
  readonly text: string;
  readonly position: number;
}

function tokensOf(formula: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (formula.slice(at).trim()) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(formula);
    const [kind, text] = Object.entries(match?.groups ?? {}).find(([, part]) => part !== undefined) ?? [];
    if (!match || kind === undefined || text === undefined) {
      while (/\s/.test(formula[at] ?? "")) at += 1;
      throw bad(formula, at, "có ký tự không hiểu được");
    }
    const start = TOKEN.lastIndex - text.length - (kind === "column" ? 2 : 0);
    if (kind === "column" && !text.trim()) {
      throw bad(formula, start, "thiếu mã cột trong ngoặc vuông");
    }
    found.push({ kind, text: kind === "word" ? text.toLowerCase() : text.trim(), position: start });
    at = TOKEN.lastIndex;
  }
  return [...found, { kind: "end", text: "", position: formula.length }];
}

type Placed = readonly [tree: Tree, position: number];

/** Recursive descent over the tokens; nesting is counted, so that it cannot run away. */
class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(private readonly formula: string) {
    this.tokens = tokensOf(formula);
  }

  whole(): Tree {
    const tree = this.either();
    if (this.token.kind !== "end") throw this.refused("thừa từ chỗ này");
    if (depthOf(tree) > DEEPEST) throw bad(this.formula, 0, "công thức dài quá");
    return tree;
  }

  private get token(): Token {
    return this.tokens[this.next] as Token;
  }

  private refused(reason: string): BadFormula {
    return bad(this.formula, this.token.position, reason);
  }

  private took(...texts: readonly string[]): string {
    const { kind, text } = this.token;
    if ((kind === "sign" || kind === "word") && texts.includes(text)) {
      this.next += 1;
      return text;
    }
    return "";
  }

  private expect(text: string, reason: string): void {
    if (!this.took(text)) throw this.refused(reason);
  }

  private node(name: string, operands: readonly Placed[], conditions: boolean): Tree {
    for (const [operand, position] of operands) {
      if (givesCondition(operand) !== conditions) {
        const wanted = conditions ? "cần một điều kiện đúng hoặc sai" : "cần một số, không phải điều kiện";
        throw bad(this.formula, position, wanted);
      }
    }
    return { kind: "operation", name, operands: operands.map(([operand]) => operand) };
  }

  private deeper(): void {
    this.depth += 1;
    if (this.depth > MOST_NESTED) throw this.refused("công thức lồng nhau sâu quá");
  }

  private placed(rule: () => Tree): Placed {
    const { position } = this.token;
    return [rule(), position];
  }

  private chain(rule: () => Tree, signs: readonly string[], conditions: boolean): Tree {
    const [first, position] = this.placed(rule);
    let left = first;
    for (let sign = this.took(...signs); sign; sign = this.took(...signs)) {
      left = this.node(sign, [[left, position], this.placed(rule)], conditions);
    }
    return left;
  }

  private readonly either = (): Tree => this.chain(this.both, ["or"], true);
  private readonly both = (): Tree => this.chain(this.negated, ["and"], true);
  private readonly sum = (): Tree => this.chain(this.product, ["+", "-"], false);
  private readonly product = (): Tree => this.chain(this.signed, ["*", "/"], false);

  private readonly negated = (): Tree => {
    if (!this.took("not")) return this.comparison();
    this.deeper();
    const operand = this.placed(this.negated);
    this.depth -= 1;
    return this.node("not", [operand], true);
  };

  private readonly comparison = (): Tree => {
    const left = this.placed(this.sum);
    const sign = COMPARISONS[this.took(...Object.keys(COMPARISONS))];
    return sign ? this.node(sign, [left, this.placed(this.sum)], false) : left[0];
  };

  private readonly signed = (): Tree => {
    const { kind, text } = this.token;
    if (kind === "number" || kind === "column") {
      this.next += 1;
      return kind === "number" ? { kind, value: Decimal.of(text) } : { kind, column: text };
    }
    this.deeper();
    const tree = this.nested();
    this.depth -= 1;
    return tree;
  };

  private nested(): Tree {
    if (this.took("-")) return this.node("neg", [this.placed(this.signed)], false);
    if (this.took("(")) {
      const tree = this.either();
      this.expect(")", "thiếu dấu ngoặc đóng");
      return tree;
    }
    const name = this.took(...Object.keys(FUNCTIONS));
    if (!name) {
      const { kind, text } = this.token;
      const unknown = kind === "word" && text !== "and" && text !== "or";
      throw this.refused(unknown ? "không có hàm này" : "thiếu số hoặc cột");
    }
    this.expect("(", "sau tên hàm phải có dấu ngoặc mở");
    const operands = [this.placed(this.either)];
    while (this.took(",")) operands.push(this.placed(this.either));
    this.expect(")", "thiếu dấu ngoặc đóng");
    return this.call(name, operands);
  }

  private call(name: string, operands: readonly Placed[]): Tree {
    const [least, most] = FUNCTIONS[name] ?? [0, 0];
    if (operands.length < least || operands.length > most) {
      throw this.refused("hàm nhận số tham số khác");
    }
    if (name === "if") {
      const [condition, ...branches] = operands as [Placed, ...Placed[]];
      this.node(name, [condition], true);
      this.node(name, branches, givesCondition((branches[0] as Placed)[0]));
      return { kind: "operation", name, operands: operands.map(([operand]) => operand) };
    }
    const decimals = name === "round" ? operands[1] : undefined;
    if (decimals && !isPlaces(decimals[0])) {
      throw bad(this.formula, decimals[1], "số chữ số lẻ phải là số nguyên từ 0 đến 10");
    }
    return this.node(name, operands, false);
  }
}

function isPlaces(tree: Tree): boolean {
  if (tree.kind !== "number" || tree.value.decimals > 0) return false;
  return tree.value.compare(Decimal.of(MOST_DECIMALS)) <= 0;
}
