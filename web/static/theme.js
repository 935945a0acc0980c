// The colours chosen on this device, before the first paint; without a choice the system's are used.
// Storage may be forbidden: then there is nothing to remember.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
