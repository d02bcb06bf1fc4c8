// Every difference between a stock client and an aware one that an app can see. A difference that no
// row explains fails the test, and so does a row that explains nothing. The README lists them: `readme`
// is what it says.

const IN_A_MOVE = ['connecting', 'preparing', 'holding'];

/** A line that only the aware client tells, and one that only the stock client tells. */
const more = (line) => `  + ${line}`;
const less = (line) => `  - ${line}`;

export const DIFFERENCES = [];

/**
 * What of a difference no row explains.
 *
 * @param used - notes the rows that explain something
 */
export function unexplained(name, phase, version, difference, used) {
  return difference.split('\n').filter((line) => {
    const row = DIFFERENCES.find(
      ({ of, phases, versions, lines }) =>
        (!of || of.test(name)) &&
        (!phases || phases.includes(phase)) &&
        (!versions || versions.includes(version)) &&
        lines.some((one) => (typeof one === 'string' ? one === line : one.test(line))),
    );
    if (row) used.add(row);
    return !row;
  });
}
