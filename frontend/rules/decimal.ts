/**
 * Exact decimals: a whole coefficient and a power of ten. Results keep 28 digits, rounded half
 * even, so that a formula gives in the browser what it gives on the server.
 */

const DIGITS = 28;

export class Decimal {
  private constructor(
    readonly coefficient: bigint,
    readonly exponent: number,
  ) {}

  static readonly zero = new Decimal(0n, 0);

  /** Reads machine notation: `-12.50`. */
  static of(text: string | number): Decimal {
    const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(text));
    if (!found || (!found[2] && !found[3])) throw new Error(`not a decimal: ${text}`);
    const fraction = found[3] ?? "";
    const size = BigInt((found[2] ?? "") + fraction);
    const exponent = Number(found[4] ?? 0) - fraction.length;
    return new Decimal(found[1] === "-" ? -size : size, exponent);
  }

  private static fitted(coefficient: bigint, exponent: number): Decimal {
    const extra = digits(coefficient) - DIGITS;
    if (extra <= 0) return new Decimal(coefficient, exponent);
    return Decimal.fitted(halfEven(coefficient, 10n ** BigInt(extra)), exponent + extra);
  }

  get isZero(): boolean {
    return this.coefficient === 0n;
  }

  get isNegative(): boolean {
    return this.coefficient < 0n;
  }

  /** The power of ten of the first digit: 2 for 123, -1 for 0.5. */
  get magnitude(): number {
    return this.isZero ? 0 : digits(this.coefficient) + this.exponent - 1;
  }

  /** How many digits stand after the decimal mark, trailing zeros aside. */
  get decimals(): number {
    return Math.max(0, -this.trimmed().exponent);
  }

  private at(exponent: number): bigint {
    return this.coefficient * 10n ** BigInt(this.exponent - exponent);
  }

  private trimmed(): Decimal {
    if (this.isZero) return Decimal.zero;
    let { coefficient, exponent } = this;
    while (coefficient % 10n === 0n) {
      coefficient /= 10n;
      exponent += 1;
    }
    return new Decimal(coefficient, exponent);
  }

  plus(other: Decimal): Decimal {
    const exponent = Math.min(this.exponent, other.exponent);
    return Decimal.fitted(this.at(exponent) + other.at(exponent), exponent);
  }

  minus(other: Decimal): Decimal {
    return this.plus(new Decimal(-other.coefficient, other.exponent));
  }

  times(other: Decimal): Decimal {
    return Decimal.fitted(
      this.coefficient * other.coefficient,
      this.exponent + other.exponent,
    );
  }

  /** The quotient, or nothing when the divisor is zero. */
  over(other: Decimal): Decimal | null {
    if (other.isZero) return null;
    const wanted = DIGITS + 1 + digits(other.coefficient) - digits(this.coefficient);
    const shift = Math.max(0, wanted);
    const scaled = this.coefficient * 10n ** BigInt(shift);
    let quotient = scaled / other.coefficient;
    let exponent = this.exponent - other.exponent - shift;
    if (scaled % other.coefficient !== 0n) {
      // One more digit stands for all that follow: enough to round rightly
      const negative = scaled < 0n !== other.coefficient < 0n;
      quotient = quotient * 10n + (negative ? -1n : 1n);
      exponent -= 1;
    }
    return Decimal.fitted(quotient, exponent).trimmed();
  }

  negated(): Decimal {
    return Decimal.fitted(-this.coefficient, this.exponent);
  }

  absolute(): Decimal {
    return Decimal.fitted(magnitude(this.coefficient), this.exponent);
  }

  /** Rounds half away from zero to so many decimals. */
  rounded(places: number): Decimal {
    const extra = -places - this.exponent;
    if (extra <= 0) return new Decimal(this.at(-places), -places);
    const step = 10n ** BigInt(extra);
    const rest = magnitude(this.coefficient % step) * 2n;
    const up = rest >= step ? (this.coefficient < 0n ? -1n : 1n) : 0n;
    return new Decimal(this.coefficient / step + up, -places);
  }

  /** Rounds half to even to so many decimals. */
  roundedHalfEven(places: number): Decimal {
    const extra = -places - this.exponent;
    if (extra <= 0) return this.rounded(places);
    return new Decimal(halfEven(this.coefficient, 10n ** BigInt(extra)), -places);
  }

  /** Like `rounded`, but nothing when the result has more digits than results may have. */
  roundedOrNothing(places: number): Decimal | null {
    const found = this.rounded(places);
    return digits(found.coefficient) > DIGITS ? null : found;
  }

  scaled(power: number): Decimal {
    return new Decimal(this.coefficient, this.exponent + power);
  }

  compare(other: Decimal): number {
    const exponent = Math.min(this.exponent, other.exponent);
    const [left, right] = [this.at(exponent), other.at(exponent)];
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  /** Machine notation with so many decimals, or as many as needed. */
  toString(places?: number): string {
    const found = places === undefined ? this.trimmed() : this.rounded(places);
    const decimals = Math.max(0, -found.exponent);
    const size = magnitude(found.at(-decimals)).toString().padStart(decimals + 1, "0");
    const whole = size.slice(0, size.length - decimals);
    const sign = found.isNegative ? "-" : "";
    return sign + whole + (decimals ? `.${size.slice(size.length - decimals)}` : "");
  }
}

function halfEven(coefficient: bigint, step: bigint): bigint {
  const kept = coefficient / step;
  const rest = magnitude(coefficient % step) * 2n;
  const odd = kept % 2n !== 0n;
  const up = rest > step || (rest === step && odd);
  return up ? kept + (coefficient < 0n ? -1n : 1n) : kept;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function digits(value: bigint): number {
  return magnitude(value).toString().length;
}
