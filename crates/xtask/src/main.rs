//! `cargo xtask`: the two commands of this repository, `demo` and `test`, and the steps they are made of.
//!
//! It brings what is missing on a fresh machine, runs the real tools and reports what they said.
//! Work that needs the project's own code (the demo's people and files) is done by binaries that it starts.

mod args;
mod chain;
mod contracts;
mod demo;
mod e2e;
mod figures;
mod http;
mod page;
mod process;
mod scale;
mod stack;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use args::Args;

const USAGE: &str = "\
cargo xtask demo [--fresh] [--port N] [--chain-port N]
    A local chain, the relay, the page and people to play with. Ctrl-C stops all of it,
    a second start resumes with the same data, --fresh starts over.

cargo xtask test [--long] [--only PART,…] [--without kubo,browser]
    Everything within minutes: fmt, lint, rust, wasm, forge, browser.
    With --long, hours for the contract besides: slither, coverage, invariants, fuzz, mutants.

cargo xtask e2e [SPEC…] [--dev] [--port N] [--chain-port N]
                          The browser journeys named, or all; --dev builds the page quickly.
cargo xtask scale [--role patient|doctor|laboratory|registry] [--number N] [--dev] [--port N] [--chain-port N]
                          Makes a patient with 10,000 records, a doctor with 2,000 patients, a laboratory
                          with 10,000 deliveries and a registry of 5,000 doctors, or one of them, and
                          prints what people wait for.
cargo xtask tools [--long]
                          Brings every tool the two commands need.
cargo xtask build-page [--release]
                          Builds the page into dist/.
cargo xtask figures [--gas-price-gwei N] [--eth-price DOLLARS] [--readme]
                          Prints what every act takes in gas and money, and a record in bytes;
                          --readme writes it into README.md, at the prices that stand there.
";

fn main() -> ExitCode {
    let outcome = process::stop_children_on_signal().and_then(|()| run(Args::from_env()));
    match outcome {
        Ok(code) => code,
        Err(error) if error.is::<process::Interrupted>() => {
            eprintln!("\nStopped.");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    match args.command().as_deref() {
        Some("demo") => {
            let options = demo::Options {
                fresh: args.flag("--fresh"),
                plan: stack::DEMO.with_ports(args.port("--port")?, args.port("--chain-port")?),
            };
            args.finish()?;
            demo::run(&options)?;
        }
        Some("test") => {
            let selection =
                test::Selection::parse(&args.list("--only")?, &args.list("--without")?, args.flag("--long"))?;
            args.finish()?;
            return test::run(&selection);
        }
        Some("e2e") => {
            let profile = if args.flag("--dev") { page::Profile::Dev } else { page::Profile::Release };
            let plan = stack::JOURNEY.with_ports(args.port("--port")?, args.port("--chain-port")?);
            let shown = e2e::run(&plan, profile, &args.rest()?)?;
            return Ok(if shown.success { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Some("scale") => {
            let roles = scale::roles(args.word("--role")?.as_deref(), args.number("--number")?)?;
            let profile = if args.flag("--dev") { page::Profile::Dev } else { page::Profile::Release };
            let plan = stack::JOURNEY.with_ports(args.port("--port")?, args.port("--chain-port")?);
            args.finish()?;
            scale::run(&plan, profile, &roles)?;
        }
        Some("tools") => {
            let long = args.flag("--long");
            args.finish()?;
            tools::bring_all(long)?;
        }
        Some("build-page") => {
            let release = args.flag("--release");
            args.finish()?;
            let profile = if release { page::Profile::Release } else { page::Profile::Dev };
            page::build(&stack::DEMO.deployment(), profile, &workspace::root().join("dist"))?;
        }
        Some("figures") => {
            let readme = args.flag("--readme");
            let (gas, ether) = (args.amount("--gas-price-gwei")?, args.amount("--eth-price")?);
            args.finish()?;
            match (readme, gas, ether) {
                (true, None, None) => figures::write_readme()?,
                (true, ..) => anyhow::bail!("the README's prices are fixed: --readme takes none"),
                (false, gas, ether) => figures::print(&figures::Prices {
                    gas_gwei: gas.unwrap_or(figures::STATED.gas_gwei),
                    ether_dollars: ether.unwrap_or(figures::STATED.ether_dollars),
                })?,
            }
        }
        None | Some("help" | "--help" | "-h") => print!("{USAGE}"),
        Some(other) => anyhow::bail!("there is no command `{other}`\n\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}
