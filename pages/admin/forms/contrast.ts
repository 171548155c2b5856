/** The ratio of WCAG 2.2 between two colours as `#1a6757`, from 1 to 21; nothing where one is no colour. */
export function contrastOf(one: string, two: string): number | undefined {
  const [first, second] = [luminanceOf(one), luminanceOf(two)];
  if (first === undefined || second === undefined) return undefined;
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

function luminanceOf(color: string): number | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return undefined;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** What text needs. */
export const READABLE = 4.5;
