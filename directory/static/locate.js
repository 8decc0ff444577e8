// "Use my location": nothing is asked before the button is pressed, and what the browser answers is rounded here, on the
// device, to a hundredth of a degree (about a kilometre) before it is written into the field.

const round = (degrees) => (Math.round(degrees * 100) / 100).toFixed(2);

for (const box of document.querySelectorAll("[data-locate]")) {
  const field = document.getElementById(box.dataset.locate);
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");

  const rest = (sentence) => {
    status.textContent = sentence;
    button.disabled = false;
  };

  button.addEventListener("click", () => {
    if (!("geolocation" in navigator)) return rest(box.dataset.unknown);
    button.disabled = true;
    status.textContent = box.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${round(coords.latitude)}, ${round(coords.longitude)}`;
        rest(box.dataset.found);
        field.focus();
      },
      (error) => rest(error.code === error.PERMISSION_DENIED ? box.dataset.denied : box.dataset.unknown),
      { enableHighAccuracy: false, maximumAge: 600000, timeout: 15000 },
    );
  });
}
