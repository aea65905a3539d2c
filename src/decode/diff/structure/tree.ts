// A document as a tree, for comparing what it means. Two nodes mean the same when their `same` is the same number, and
// are written the same, too, when their `exact` is. Pure.

/** A node. Its members either have keys, and then their order means nothing, or stand in a list; or it has none. */
export interface Node {
  /** What can have become what: nodes of different types are other ones altogether. */
  readonly type: string;
  /** What stands in a path for it, behind that of its parent: ".id", "[3]", "/q:quote[2]". */
  readonly step: string;
  /** Where it stands in the source text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** Names are unique. */
  readonly keyed: ReadonlyMap<string, Node>;
  readonly listed: readonly Node[];
  readonly same: number;
  readonly exact: number;
}

/** Why a document has no tree. `offset` is in UTF-16 units. */
export interface NoTree {
  readonly offset: number;
  readonly reason: string;
}

/** Whether it is no tree. */
export function isNoTree(tree: Node | NoTree): tree is NoTree {
  return "reason" in tree;
}

const NO_KEYED: ReadonlyMap<string, Node> = new Map();
const NO_LISTED: readonly Node[] = [];
/** No key of a leaf begins with it. */
const JOINT = "\x01";

/** Makes the nodes of documents that are to be compared with each other. */
export class Nodes {
  readonly #numbers = new Map<string, number>();
  #steps = 0;

  /** Whether it is time to pause. */
  due(): boolean {
    return ++this.#steps % 2_048 === 0;
  }

  /** A node without members: `value` is what it means, `text` how it is written. */
  leaf(
    { type, step, from, to }: Pick<Node, "type" | "step" | "from" | "to">,
    value: string,
    text: string,
  ): Node {
    const same = this.#number(`${type}\0${value}`);
    const exact = value === text ? same : this.#number(`${type}\0written\0${text}`);
    return { type, step, from, to, keyed: NO_KEYED, listed: NO_LISTED, same, exact };
  }

  /** A node with members. `text` is what else is written of it, such as the prefix of its name. */
  joint(
    { type, step, from, to }: Pick<Node, "type" | "step" | "from" | "to">,
    keyed: ReadonlyMap<string, Node>,
    listed: readonly Node[],
    text: string,
  ): Node {
    const inOrder = [...keyed];
    const sorted = inOrder.toSorted(([one], [other]) => one < other ? -1 : 1);
    const same = this.#number(
      [type, ...sorted.map(([key, { same }]) => `${key}\0${same}`), "", ...listed.map(({ same }) => same)]
        .join(JOINT) + JOINT,
    );
    const exact = this.#number(
      [
        type,
        text,
        ...inOrder.map(([key, { exact }]) => `${key}\0${exact}`),
        "",
        ...listed.map((one) => one.exact),
      ]
        .join(JOINT) + `${JOINT}written`,
    );
    return { type, step, from, to, keyed, listed, same, exact };
  }

  #number(key: string): number {
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, number = this.#numbers.size);
    return number;
  }
}
