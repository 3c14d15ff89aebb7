// The secret stands behind the # of the address, which is never sent by itself.
const form = document.getElementById("invitation");
if (location.hash.length > 1) {
  form.elements.secret.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
}
