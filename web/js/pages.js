/**
 * Generated pages: a section with a template holds its elements only while it is in view, so that
 * ids are unique in the document. Elements are kept, and return unchanged.
 */

export class Pages {
  /** @type {Map<string, HTMLElement>} elements of pages, by name */
  #contents = new Map();
  #made;

  /** @param {(content: HTMLElement) => void} made called with new elements */
  constructor(made) {
    this.#made = made;
    this.#show();
    addEventListener('hashchange', () => this.#show());
  }

  /**
   * The element that holds a generated page's elements, created on the first call.
   * @param {string} name
   */
  content(name) {
    const known = this.#contents.get(name);
    if (known) return known;
    const template = /** @type {HTMLTemplateElement} */ (
      templates().find(({ parentElement }) => parentElement?.id === `/${name}`)
    );
    const copy = document.importNode(template.content, true);
    const content = /** @type {HTMLElement} */ (copy.firstElementChild);
    this.#contents.set(name, content);
    this.#made(content);
    return content;
  }

  /** Fills the page in view, and empties the others. */
  #show() {
    const inView = location.hash.replace(/^#\/?/, '').replace(/\/$/, '');
    for (const template of templates()) {
      const section = /** @type {HTMLElement} */ (template.parentElement);
      const name = section.id.slice(1);
      if (name !== inView) this.#contents.get(name)?.remove();
      else if (!this.content(name).isConnected) section.append(this.content(name));
    }
  }
}

/** The templates of all generated pages, each in its section. */
const templates = () =>
  /** @type {HTMLTemplateElement[]} */ ([...document.querySelectorAll('.page > template')]);
