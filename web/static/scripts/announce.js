/** Say something to people who do not see the change. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  // The same words twice are said twice only if the region was empty in between.
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}
