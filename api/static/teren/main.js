import "./screens_people.js";
import "./screens_assess.js";
import "./screens_work.js";
import "./screens_send.js";
import "./screens_campaign.js";
import "./papers.js";
import { start } from "./app.js";

start().catch((error) => {
  console.error(error);
  document.getElementById("screen").replaceChildren();
  document.getElementById("failed").hidden = false;
});
