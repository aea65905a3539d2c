// When an element is held with the mouse and when it no longer is: against an element and a window that are made up.

import assert from "node:assert/strict";
import { MouseHold } from "../../src/ui/page/mouse_hold.ts";

/** An element that is pressed with pointer 1, itself or something within, in a window. */
class Pressed {
  readonly window = new EventTarget();
  readonly document = Object.assign(new EventTarget(), { defaultView: this.window });
  readonly element = Object.assign(new EventTarget(), { ownerDocument: this.document });
  told = 0;
  readonly hold = new MouseHold(this.element as unknown as HTMLElement, () => this.told++);

  constructor(isWithin = false) {
    const press = event("pointerdown", { button: 0, pointerId: 1 });
    if (isWithin) Object.defineProperty(press, "target", { value: new EventTarget() });
    this.element.dispatchEvent(press);
    assert.equal(this.hold.isHeld, true);
    assert.equal(this.told, 1);
  }
}

function event(type: string, facts: Record<string, unknown> = {}): Event {
  return Object.assign(new Event(type), facts);
}

const ENDS: readonly (readonly ["document" | "window", Event])[] = [
  ["document", event("pointerup", { pointerId: 1 })],
  ["document", event("pointercancel", { pointerId: 1 })],
  ["document", event("pointermove", { pointerId: 1, buttons: 0 })],
  ["document", event("keydown")],
  ["document", event("visibilitychange")],
  ["window", event("blur")],
];

Deno.test("an element is held until its press ends, or what is done tells that it has", () => {
  for (const [where, end] of ENDS) {
    const pressed = new Pressed();
    pressed[where].dispatchEvent(end);
    assert.equal(pressed.hold.isHeld, false, end.type);
    assert.equal(pressed.told, 2, end.type);
    for (const [where, end] of ENDS) pressed[where].dispatchEvent(end);
    assert.equal(pressed.told, 2, `told once of ${end.type}`);
    pressed.hold.destroy();
  }
});

Deno.test("an element is held while its own pointer is down, whatever others do", () => {
  const pressed = new Pressed();
  for (
    const other of [
      event("pointermove", { pointerId: 1, buttons: 1 }),
      event("pointermove", { pointerId: 2, buttons: 0 }),
      event("pointerup", { pointerId: 2 }),
      event("pointercancel", { pointerId: 2 }),
    ]
  ) pressed.document.dispatchEvent(other);
  assert.equal(pressed.hold.isHeld, true);
  pressed.hold.letGo();
  assert.equal(pressed.hold.isHeld, false);
  pressed.hold.destroy();
});

Deno.test("an element is not held with another button than the first", () => {
  const document = Object.assign(new EventTarget(), { defaultView: new EventTarget() });
  const element = Object.assign(new EventTarget(), { ownerDocument: document });
  const hold = new MouseHold(element as unknown as HTMLElement, () => assert.fail("nothing is held"));
  element.dispatchEvent(event("pointerdown", { button: 2, pointerId: 1 }));
  assert.equal(hold.isHeld, false);
  hold.destroy();
});

Deno.test("an element whose text is held stays so while keys are pressed", () => {
  const pressed = new Pressed(true);
  pressed.document.dispatchEvent(event("keydown"));
  assert.equal(pressed.hold.isHeld, true);
  pressed.document.dispatchEvent(event("pointerup", { pointerId: 1 }));
  assert.equal(pressed.hold.isHeld, false);
  pressed.hold.destroy();
});
