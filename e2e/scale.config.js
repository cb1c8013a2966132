/** The figures of `cargo xtask scale`: no tests, and no time limit that would make them one. */
import config from "./playwright.config.js";

export default { ...config, testMatch: "scale.js", timeout: 0, expect: { timeout: 600_000 }, reporter: "line" };
