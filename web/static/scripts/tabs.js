// Tabs that lead to parts of the same page: the part that is read is marked.
for (const tabs of document.querySelectorAll("nav.tabs")) {
  const links = [...tabs.querySelectorAll("a[href^='#']")];
  const parts = new Map(links.map((link) => [document.getElementById(link.hash.slice(1)), link]));
  const mark = (link) => {
    for (const each of links) each.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  };
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target) : seen.delete(target);
    const first = [...parts.keys()].find((part) => seen.has(part));
    if (first) mark(parts.get(first));
  });
  for (const part of parts.keys()) if (part) observer.observe(part);
  for (const link of links) link.addEventListener("click", () => mark(link));
  if (links[0]) mark(links[0]);
}
