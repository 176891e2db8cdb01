import { connect } from './live.js';

connect({
    packed(id) {
        const state = document.querySelector(`[data-order="${CSS.escape(id)}"] .state`);
        if (state) {
            state.textContent = 'packed';
        }
    },
}, async isOpen => {
    // What was packed before the connection was there nobody tells: the page is asked once more.
    if (isOpen) {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
        document.querySelector('.orders')?.replaceChildren(...page.querySelectorAll('.orders > li'));
    }
});
