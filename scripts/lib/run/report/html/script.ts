// SPDX-License-Identifier: MIT

/** What the page can do beyond being read: narrow the list of tests, copy a command. Without it, all is there still. */
export const script = `
document.documentElement.classList.add('scripted');
for (const button of document.querySelectorAll('.command button')) {
  button.addEventListener('click', async () => {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => (button.textContent = 'Copy'), 1500);
  });
}
const words = document.querySelector('.tools input');
const buttons = [...document.querySelectorAll('.tools button')];
const narrow = () => {
  const status = buttons.find((button) => button.ariaPressed === 'true').dataset.status;
  const wanted = words.value.toLowerCase().split(/\\s+/);
  const narrowed = status !== 'all' || words.value !== '';
  for (const group of document.querySelectorAll('.group')) {
    let file;
    let shown = 0;
    for (const child of group.children) {
      if (child.className === 'file') {
        file = child;
        file.hidden = true;
      } else if (child.dataset.status !== undefined) {
        const fits = status === 'all' || child.dataset.status === status;
        const text = (file ? file.textContent + ' ' : '') + child.querySelector('.name').textContent;
        child.hidden = !(fits && wanted.every((word) => text.toLowerCase().includes(word)));
        if (child.hidden) continue;
        shown++;
        if (file) file.hidden = false;
      }
    }
    group.hidden = shown === 0;
    if (narrowed) group.open = shown > 0;
  }
};
words?.addEventListener('input', narrow);
for (const button of buttons) {
  button.addEventListener('click', () => {
    for (const other of buttons) other.ariaPressed = String(other === button);
    narrow();
  });
}
`;
