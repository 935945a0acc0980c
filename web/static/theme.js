// Before the first paint: the colours chosen on this device (without a choice the system's are used),
// and that scripts run, so that what needs one is shown. Storage may be forbidden: then there is
// nothing to remember.
document.documentElement.dataset.scripted = "";
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
