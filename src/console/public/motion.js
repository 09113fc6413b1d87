// @ts-nocheck: runs in the browser; the project's types are the server's.

const calm = matchMedia('(prefers-reduced-motion: reduce)');
const MOVE = { duration: 650, easing: 'cubic-bezier(.2,.7,.2,1)' };
/** Chips that make room for others hurry; the eye is for those that go on. */
const SHIFT = { duration: 220, easing: 'ease-out' };
const CHANGED_MS = 1_500;

/** Where every chip stands, by its own id. */
const places = (root) =>
  new Map(
    [...root.querySelectorAll('[data-chip]')].map((chip) => [
      chip.dataset.chip,
      { at: chip.getBoundingClientRect(), state: chip.dataset.state },
    ]),
  );

const travel = (chip, from, to, goesOn) => {
  const x = from.left - to.left;
  const y = from.top - to.top;
  if (Math.abs(x) + Math.abs(y) <= 1) return;
  const zIndex = goesOn ? 3 : 1;
  chip.animate(
    [
      { transform: `translate(${x}px, ${y}px)`, zIndex },
      { transform: 'none', zIndex },
    ],
    goesOn ? MOVE : SHIFT,
  );
};

/**
 * Runs `change` and lets every chip travel from where it was: a leg that is new comes from its order's chip. Who wants less
 * motion sees the result at once.
 */
export const moving = (root, change) => {
  if (calm.matches || document.hidden) return change();
  const before = places(root);
  change();
  for (const chip of root.querySelectorAll('[data-chip]')) {
    const { chip: id, origin, state } = chip.dataset;
    const to = chip.getBoundingClientRect();
    // A narrow page shows fewer.
    if (to.width === 0) continue;
    const old = [before.get(id), before.get(origin)].find((place) => place && place.at.width > 0);
    if (!old) {
      chip.animate([{ opacity: 0, transform: 'scale(.9)' }, { opacity: 1 }], { duration: 300 });
      continue;
    }
    const goesOn = old.state !== state;
    travel(chip, old.at, to, goesOn);
    if (!goesOn) continue;
    chip.classList.add('changed');
    setTimeout(() => chip.classList.remove('changed'), CHANGED_MS);
  }
};
