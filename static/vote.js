/* The QR code carries the ballot code behind "#", which browsers never send. This moves it into the form. */
(function () {
  "use strict";
  var code = decodeURIComponent(window.location.hash.slice(1));
  var form = document.getElementById("entry");
  if (!code || !form) { return; }
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("code").value = code;
  form.submit();
})();
