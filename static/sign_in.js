/* The QR code of a slip carries the code behind "#", which browsers never send. This moves it into the field. */
(function () {
  "use strict";
  var code = decodeURIComponent(window.location.hash.slice(1));
  var field = document.getElementById("id_token");
  if (!code || !field) { return; }
  window.history.replaceState(null, "", window.location.pathname);
  field.value = code;
})();
