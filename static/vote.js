/* Comfort for the pages of the vote; all of them work without it. */
(function () {
  "use strict";
  // The answer to a form gets an address of its own, so that back and reload do not ask to send the form again.
  var here = document.currentScript && document.currentScript.getAttribute("data-here");
  if (here && window.history.replaceState) { window.history.replaceState(null, "", here); }

  // A second click on a button that has been sent does nothing; the server refuses it as well.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "1");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 8000);
  });

  // The QR code carries the ballot code behind "#", which browsers never send. This moves it into the form.
  var code = decodeURIComponent(window.location.hash.slice(1));
  var entry = document.getElementById("entry");
  if (!code || !entry) { return; }
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("code").value = code;
  entry.submit();
})();
