import { defineConfig } from "vitest/config";

export default defineConfig({
  define: {
    FALLBACK: JSON.stringify({
      text: "",
      contacts: [
        { id: "police-emergency", name: "Police", phone: "999", hours_text: "always", open_now: null, status: "verified" },
        { id: "hackney-mash", name: "MASH", phone: "020 1", hours_text: "9 to 5", open_now: null, status: "verified" },
        { id: "city-children-families", name: "City", phone: "020 2", hours_text: "9 to 5", open_now: null, status: "verified" },
      ],
    }),
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"], css: false },
});
