/* Small conveniences. Every page works without this file. */
(function () {
  "use strict";

  // A second click on a button that has been sent does nothing; the server refuses it as well.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method.toLowerCase() !== "post" || form.hasAttribute("data-repeatable")) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", function () {
    Array.prototype.forEach.call(document.forms, function (form) {
      delete form.dataset.sent;
      delete form.dataset.leaving;
    });
  });

  // The box in a table's head ticks the rows below it: <input type=checkbox data-check-all="name">
  document.addEventListener("change", function (event) {
    var name = event.target.getAttribute("data-check-all");
    if (!name) { return; }
    var scope = event.target.form || document;
    Array.prototype.forEach.call(scope.querySelectorAll('input[type=checkbox][name="' + name + '"]'), function (box) {
      if (!box.disabled) { box.checked = event.target.checked; }
    });
    event.target.dispatchEvent(new CustomEvent("checked-count", { bubbles: true }));
  });

  // <strong data-count-of="name"> shows how many boxes of that name are ticked.
  function count() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-count-of]"), function (place) {
      var boxes = document.querySelectorAll('input[type=checkbox][name="' + place.getAttribute("data-count-of") + '"]:checked');
      place.textContent = String(boxes.length);
    });
  }
  document.addEventListener("change", count);
  document.addEventListener("checked-count", count);
  document.addEventListener("DOMContentLoaded", count);

  // Menus made of <details> close when one clicks elsewhere or presses Escape.
  document.addEventListener("click", function (event) {
    Array.prototype.forEach.call(document.querySelectorAll("details.who[open], details.more[open]"), function (menu) {
      if (!menu.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    Array.prototype.forEach.call(document.querySelectorAll("details.who[open], details.more[open]"), function (menu) {
      menu.removeAttribute("open");
    });
  });

  // A table wider than the page scrolls in its frame: the frame takes the keyboard, named by the heading above it.
  function reach() {
    Array.prototype.forEach.call(document.querySelectorAll(".table-wrap, .sheet"), function (frame) {
      if (frame.scrollWidth <= frame.clientWidth || frame.hasAttribute("tabindex")) { return; }
      var card = frame.closest(".card");
      var heading = (card && card.querySelector("h2, h3")) || document.querySelector("h1");
      frame.setAttribute("tabindex", "0");
      if (heading) { frame.setAttribute("role", "region"); frame.setAttribute("aria-label", heading.textContent.trim()); }
    });
  }
  document.addEventListener("DOMContentLoaded", reach);
  document.addEventListener("htmx:afterSettle", reach);
  window.addEventListener("resize", reach);

  // <button data-print> prints the page.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) { window.print(); }
  });

  // Nominations: the roster narrows while one types; <input data-filter="#list"> hides what does not fit.
  document.addEventListener("input", function (event) {
    var target = event.target.getAttribute("data-filter");
    if (!target) { return; }
    var wanted = event.target.value.trim();
    Array.prototype.forEach.call(document.querySelectorAll(target + " > [data-text]"), function (row) {
      var box = row.querySelector("input:checked");
      row.hidden = !box && row.getAttribute("data-text").indexOf(wanted) < 0;
    });
  });

  // Nominations: a common reason goes into the field: <button data-phrase="#id">.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-phrase]");
    if (!button) { return; }
    var field = document.querySelector(button.getAttribute("data-phrase"));
    field.value = (field.value ? field.value + "\n" : "") + button.textContent.trim();
    field.focus();
  });

  // Schemes: a choice on which other fields depend presses its button: <select data-press="id">.
  document.documentElement.classList.add("js");
  document.addEventListener("change", function (event) {
    var button = event.target.getAttribute("data-press");
    if (button) { document.getElementById(button).click(); }
  });

  // Nominations: what became of the last automatic save. The words stand in the page.
  function tell(form, state) {
    var place = form.querySelector("[data-autosave-state]");
    if (place) { place.textContent = place.getAttribute("data-" + state) || ""; }
  }
  // A form that is being sent saves itself no more: the save would come after what its button did.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-autosave")) { return; }
    form.dataset.leaving = "1";
    window.setTimeout(function () { delete form.dataset.leaving; }, 8000);
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.target.closest && event.target.closest("[data-leaving]");
    if (form) { event.preventDefault(); event.stopImmediatePropagation(); }
  });
  [["htmx:beforeRequest", "saving"], ["htmx:afterOnLoad", "saved"], ["htmx:sendError", "failed"],
    ["htmx:responseError", "failed"]].forEach(function (pair) {
    document.addEventListener(pair[0], function (event) {
      var form = event.target.closest && event.target.closest("[data-autosave]");
      if (form) { tell(form, pair[1]); }
    });
  });
})();
