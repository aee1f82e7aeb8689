// What is drawn anew under the focus gets it back: whoever works by keyboard stands where they stood.
// A control that stays the same one is named by its `data-stays`; of several, by its place among them.
(() => {
    let held = null;
    const alike = name => [...document.querySelectorAll("[data-stays]")].filter(one => one.dataset.stays === name);
    addEventListener("focusin", ({target}) => {
        const name = target.dataset?.stays;
        held = name ? {control: target, name, place: alike(name).indexOf(target)} : null;
    });
    new MutationObserver(() => {
        if (!held || held.control.isConnected) return;
        const {name, place} = held;
        held = null;
        if (document.activeElement === document.body) alike(name)[place]?.focus({preventScroll: true});
    }).observe(document, {childList: true, subtree: true});
})();
