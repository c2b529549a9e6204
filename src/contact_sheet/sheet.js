
'use strict';
const tiles = [...document.querySelectorAll('.tile')];
const buttons = [...document.querySelectorAll('#filter button')];
const search = document.getElementById('search');
let texts;

// The words of a tile are gathered at the first search: most visits have none.
const words = (index) => {
    texts ??= tiles.map((tile) => tile.textContent.toLowerCase());
    return texts[index];
};

const fits = (tile, kind) => kind === '' || (kind === 'sick' && tile.classList.contains('sick')) || kind === `state:${tile.dataset.state}`;

const show = () => {
    const kind = buttons.find((button) => button.getAttribute('aria-pressed') === 'true')?.dataset.show ?? '';
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    tiles.forEach((tile, index) => {
        tile.hidden = !fits(tile, kind) || (wanted !== '' && !words(index).includes(wanted));
        shown += tile.hidden ? 0 : 1;
    });
    document.getElementById('shown').textContent = shown === tiles.length ? '' : `${shown} of ${tiles.length} shown`;
};

const copy = async (button) => {
    const source = button.parentElement.querySelector('code, pre');
    try {
        await navigator.clipboard.writeText(source.textContent);
    } catch {
        // A page from a file may have no clipboard of its own.
        getSelection().selectAllChildren(source);
        document.execCommand('copy');
    }
    document.querySelectorAll('.copy').forEach((other) => { other.textContent = other === button ? 'Copied' : 'Copy'; });
};

document.addEventListener('click', ({target}) => {
    if (buttons.includes(target)) {
        buttons.forEach((button) => button.setAttribute('aria-pressed', String(button === target)));
        show();
    } else if (target.classList.contains('copy')) {
        copy(target);
    }
});
search.addEventListener('input', show);
document.getElementById('filter').hidden = false;
