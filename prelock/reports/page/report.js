"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const rows = [...document.querySelectorAll("#finding-list tbody tr")];
  const shown = document.getElementById("shown");
  const filter = () => {
    const {severity, rule, text} = form.elements;
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const content = row.textContent.toLowerCase();
      const keep = (!severity.value || row.dataset.severity === severity.value)
        && (!rule.value || row.dataset.rule === rule.value)
        && words.every(word => content.includes(word));
      row.hidden = !keep;
      count += keep;
    }
    for (const group of document.querySelectorAll("#finding-list .patient, #finding-list .site")) {
      group.hidden = !group.querySelector("tbody tr:not([hidden])");
      if (words.length && !group.hidden) group.open = true;
    }
    shown.value = count === rows.length ? "" : count + " of " + rows.length + " shown";
  };
  addEventListener("beforeprint", () => {
    for (const group of document.querySelectorAll("#finding-list details")) group.open = true;
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  form.hidden = false;
})();
