// A choice shows the fields that belong to it.
for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
const showChosen = () => {
  for (const field of document.querySelectorAll("[data-choice]")) {
    const choice = document.getElementById(field.dataset.choice);
    field.hidden = !field.dataset.shows.split(" ").includes(choice.value);
  }
};
document.addEventListener("change", (event) => { if (event.target.matches?.("select")) showChosen(); });
