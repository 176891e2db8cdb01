import { connect } from './live.js';

const link = document.getElementById('link');
const said = document.getElementById('said');
const text = document.getElementById('text');

const live = connect(
    {
        said(message) {
            const item = document.createElement('li');
            item.textContent = message;
            said.append(item);
        },
    },
    isOpen => (link.textContent = isOpen ? 'Everybody here reads what you write.' : 'No connection; trying again…'),
);

document.getElementById('say').addEventListener('submit', event => {
    event.preventDefault();
    if (text.value.trim() && live.send('Say', text.value)) {
        text.value = '';
    }
    text.focus();
});
