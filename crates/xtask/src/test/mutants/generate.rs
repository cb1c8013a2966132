//! Small changes to the contract, each a mistake that somebody could make: made from the compiler's own syntax tree,
//! so that every change is of a known kind of expression or statement. Conditions become `true` and `false`; they are not
//! negated too, because a test that notices one of these notices that.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context, Result};
use serde_json::Value;

/// One change in one source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mutant {
    pub(super) file: String,
    pub(super) function: String,
    /// The bytes that are replaced.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) replacement: String,
    /// The statement around the change, on one line, before and after it.
    pub(super) before: String,
    pub(super) after: String,
}

impl Mutant {
    pub(super) fn apply(&self, source: &str) -> String {
        [&source[..self.start], &self.replacement, &source[self.end..]].concat()
    }
}

/// The members of every enum, by its name with the contract's: `IMembers.Role`.
pub(super) type Enums = BTreeMap<String, Vec<String>>;

pub(super) fn collect_enums(tree: &Value, enums: &mut Enums) {
    if kind(tree) == "EnumDefinition"
        && let Some(name) = tree["canonicalName"].as_str()
    {
        let members = list(&tree["members"]).filter_map(|member| member["name"].as_str());
        enums.insert(name.to_owned(), members.map(str::to_owned).collect());
    }
    for child in list(&tree["nodes"]) {
        collect_enums(child, enums);
    }
}

pub(super) fn mutants(file: &str, source: &str, tree: &Value, enums: &Enums) -> Result<Vec<Mutant>> {
    let mut generator = Generator { file, source, enums, function: String::new(), around: 0..0, mutants: Vec::new() };
    for node in list(&tree["nodes"]).filter(|node| kind(node) == "ContractDefinition") {
        generator.contract(node)?;
    }
    Ok(generator.mutants)
}

struct Generator<'a> {
    file: &'a str,
    source: &'a str,
    enums: &'a Enums,
    /// Whose name the change goes under: the function's, else the contract's.
    function: String,
    /// The statement, or its head, that the change is shown with.
    around: Range<usize>,
    mutants: Vec<Mutant>,
}

/// Which values of a condition are mistakes that no other change makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    Either,
    /// Beside `||`, where `true` would make the whole condition true.
    OnlyFalse,
    /// Beside `&&`, where `false` would make the whole condition false.
    OnlyTrue,
    Neither,
}

impl Generator<'_> {
    fn contract(&mut self, contract: &Value) -> Result<()> {
        for node in list(&contract["nodes"]) {
            self.function = contract["name"].as_str().unwrap_or_default().to_owned();
            match kind(node) {
                "VariableDeclaration" => {
                    self.around = span(node)?;
                    self.value(&node["value"])?;
                }
                "FunctionDefinition" | "ModifierDefinition" if !node["body"].is_null() => self.function(node)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn function(&mut self, function: &Value) -> Result<()> {
        let name = function["name"].as_str().filter(|name| !name.is_empty());
        name.or(function["kind"].as_str()).unwrap_or_default().clone_into(&mut self.function);
        let body = &function["body"];
        self.around = span(function)?.start..span(body)?.start;
        for modifier in list(&function["modifiers"]).filter(|one| one["kind"] == "modifierInvocation") {
            self.replace(span(modifier)?, "");
        }
        self.block(body)
    }

    // ---------------------------------------------------------------- statements

    fn block(&mut self, block: &Value) -> Result<()> {
        for statement in list(&block["statements"]) {
            self.statement(statement, true)?;
        }
        Ok(())
    }

    /// Without `removable` for what another change leaves out already.
    fn statement(&mut self, statement: &Value, removable: bool) -> Result<()> {
        match kind(statement) {
            "Block" | "UncheckedBlock" => {
                let only = list(&statement["statements"]).count() == 1;
                for inner in list(&statement["statements"]) {
                    self.statement(inner, removable || !only)?;
                }
            }
            "IfStatement" => self.branches(statement)?,
            "ForStatement" => self.repetition(statement)?,
            "VariableDeclarationStatement" => self.declaration(statement)?,
            "ExpressionStatement" => {
                self.whole(statement, removable)?;
                self.expression(&statement["expression"], Truth::Neither)?;
            }
            "EmitStatement" => {
                self.whole(statement, removable)?;
                self.expression(&statement["eventCall"], Truth::Neither)?;
            }
            "RevertStatement" => {
                self.whole(statement, removable)?;
                self.expression(&statement["errorCall"], Truth::Neither)?;
            }
            "Return" => {
                self.whole(statement, removable)?;
                self.value(&statement["expression"])?;
            }
            "Continue" => {
                self.whole(statement, removable)?;
                self.replace(span(statement)?, "break");
            }
            _ => {}
        }
        Ok(())
    }

    fn branches(&mut self, branches: &Value) -> Result<()> {
        let condition = &branches["condition"];
        self.around = span(branches)?.start..span(condition)?.end + 1;
        self.value(condition)?;
        let alternative = &branches["falseBody"];
        // Alone, the body is left out when the condition is false.
        self.statement(&branches["trueBody"], !alternative.is_null())?;
        if !alternative.is_null() {
            self.statement(alternative, true)?;
        }
        Ok(())
    }

    fn repetition(&mut self, repetition: &Value) -> Result<()> {
        let body = &repetition["body"];
        let head = span(repetition)?.start..span(body)?.start;
        self.around = head.clone();
        self.value(&repetition["initializationExpression"]["initialValue"])?;
        self.value(&repetition["condition"])?;
        self.expression(&repetition["loopExpression"]["expression"], Truth::Neither)?;
        self.statement(body, true)
    }

    fn declaration(&mut self, declaration: &Value) -> Result<()> {
        self.around = self.with_semicolon(declaration)?;
        let value = &declaration["initialValue"];
        let mut declared = list(&declaration["declarations"]);
        if let (Some(only), None) = (declared.next(), declared.next())
            && only["storageLocation"] != "storage"
            && !value.is_null()
        {
            self.replace(span(only)?.end..span(value)?.end, "");
        }
        self.value(value)
    }

    /// A statement left out.
    fn whole(&mut self, statement: &Value, removable: bool) -> Result<()> {
        self.around = self.with_semicolon(statement)?;
        if removable {
            self.replace(self.around.clone(), "{}");
        }
        Ok(())
    }

    // ---------------------------------------------------------------- expressions

    fn value(&mut self, expression: &Value) -> Result<()> {
        self.expression(expression, Truth::Either)
    }

    fn expression(&mut self, expression: &Value, truth: Truth) -> Result<()> {
        if expression.is_null() {
            return Ok(());
        }
        self.truths(expression, truth)?;
        match kind(expression) {
            "BinaryOperation" => self.binary(expression)?,
            "UnaryOperation" => self.unary(expression)?,
            "Assignment" => {
                self.expression(&expression["leftHandSide"], Truth::Neither)?;
                self.value(&expression["rightHandSide"])?;
            }
            "Conditional" => {
                self.value(&expression["condition"])?;
                self.value(&expression["trueExpression"])?;
                self.value(&expression["falseExpression"])?;
            }
            "FunctionCall" => self.call(expression)?,
            "IndexAccess" => self.index(expression)?,
            "IndexRangeAccess" => {
                self.value(&expression["baseExpression"])?;
                self.value(&expression["startExpression"])?;
                self.value(&expression["endExpression"])?;
            }
            "MemberAccess" => self.member(expression)?,
            "TupleExpression" => {
                let parts: Vec<&Value> = list(&expression["components"]).filter(|part| !part.is_null()).collect();
                self.swaps(&parts)?;
                let truth = if parts.len() == 1 { Truth::Neither } else { Truth::Either };
                for part in parts {
                    self.expression(part, truth)?;
                }
            }
            "Literal" => self.literal(expression)?,
            _ => {}
        }
        Ok(())
    }

    fn truths(&mut self, expression: &Value, truth: Truth) -> Result<()> {
        if type_of(expression) != "bool" || kind(expression) == "Literal" || truth == Truth::Neither {
            return Ok(());
        }
        let at = span(expression)?;
        if truth != Truth::OnlyFalse {
            self.replace(at.clone(), "true");
        }
        if truth != Truth::OnlyTrue {
            self.replace(at, "false");
        }
        Ok(())
    }

    fn binary(&mut self, operation: &Value) -> Result<()> {
        let operator = operation["operator"].as_str().unwrap_or_default();
        let (left, right) = (&operation["leftExpression"], &operation["rightExpression"]);
        let between = span(left)?.end..span(right)?.start;
        let at = between.start + self.source[between].find(operator).context("an operation without its operator")?;
        let other = match operator {
            "<" => "<=",
            "<=" => "<",
            ">" => ">=",
            ">=" => ">",
            "&&" => "||",
            "||" => "&&",
            "+" => "-",
            "-" => "+",
            "*" => "/",
            "/" | "%" => "*",
            "&" => "|",
            "|" | "^" => "&",
            "<<" => ">>",
            ">>" => "<<",
            // Equality is a condition.
            _ => operator,
        };
        if other != operator {
            self.replace(at..at + operator.len(), other);
        }
        let truth = match operator {
            "||" => Truth::OnlyFalse,
            "&&" => Truth::OnlyTrue,
            _ => Truth::Either,
        };
        self.expression(left, truth)?;
        self.expression(right, truth)
    }

    fn unary(&mut self, operation: &Value) -> Result<()> {
        let inner = &operation["subExpression"];
        let (whole, operand) = (span(operation)?, span(inner)?);
        match operation["operator"].as_str().unwrap_or_default() {
            "~" | "-" => self.replace(whole.start..operand.start, ""),
            "++" => self.replace(whole.start..operand.start, "--"),
            "--" => self.replace(whole.start..operand.start, "++"),
            _ => {}
        }
        self.expression(inner, Truth::Neither)
    }

    fn call(&mut self, call: &Value) -> Result<()> {
        let callee = &call["expression"];
        let arguments: Vec<&Value> = list(&call["arguments"]).collect();
        let object = &callee["expression"];
        if call["kind"] != "typeConversion" {
            self.swaps(&arguments)?;
            // `slot.withStatus(status)` gives what `slot` is.
            if kind(callee) == "MemberAccess" && type_of(object) == type_of(call) {
                self.replace(span(object)?.end..span(call)?.end, "");
            }
        }
        if kind(callee) == "MemberAccess" {
            let member = callee["memberName"].as_str().unwrap_or_default();
            let takes_any = matches!(member, "encode" | "encodePacked" | "concat") && arguments.len() > 1;
            if takes_any && matches!(kind(object), "Identifier" | "ElementaryTypeNameExpression") {
                self.omissions(&arguments)?;
            }
            self.expression(object, Truth::Neither)?;
        }
        for argument in arguments {
            // The types that `abi.decode` is told.
            if type_of(argument).starts_with("type(") || type_of(argument).starts_with("tuple(type(") {
                continue;
            }
            self.value(argument)?;
        }
        Ok(())
    }

    fn omissions(&mut self, arguments: &[&Value]) -> Result<()> {
        for (at, argument) in arguments.iter().enumerate() {
            let left_out = match arguments.get(at + 1) {
                Some(next) => span(argument)?.start..span(next)?.start,
                None => span(arguments[at - 1])?.end..span(argument)?.end,
            };
            self.replace(left_out, "");
        }
        Ok(())
    }

    /// Each value and the next of its type, in each other's place.
    fn swaps(&mut self, values: &[&Value]) -> Result<()> {
        for (at, value) in values.iter().enumerate() {
            let next = values[at + 1..].iter().find(|other| type_of(other) == type_of(value));
            if let Some(next) = next {
                self.swap(value, next)?;
            }
        }
        Ok(())
    }

    fn swap(&mut self, first: &Value, second: &Value) -> Result<()> {
        let (first, second) = (span(first)?, span(second)?);
        let (one, other) = (&self.source[first.clone()], &self.source[second.clone()]);
        if one != other {
            let swapped = [other, &self.source[first.end..second.start], one].concat();
            self.replace(first.start..second.end, &swapped);
        }
        Ok(())
    }

    fn index(&mut self, access: &Value) -> Result<()> {
        let (base, index) = (&access["baseExpression"], &access["indexExpression"]);
        if kind(base) == "IndexAccess" && type_of(&base["indexExpression"]) == type_of(index) {
            self.swap(&base["indexExpression"], index)?;
        }
        self.expression(base, Truth::Neither)?;
        self.value(index)
    }

    /// A member of an enum: the next one.
    fn member(&mut self, access: &Value) -> Result<()> {
        let object = &access["expression"];
        let name = access["memberName"].as_str().unwrap_or_default();
        let declared = type_of(object).strip_prefix("type(enum ").and_then(|rest| rest.strip_suffix(')'));
        let members = declared.and_then(|declared| self.enums.get(declared)).map_or(&[][..], Vec::as_slice);
        let Some(at) = members.iter().position(|member| member == name) else {
            return self.expression(object, Truth::Neither);
        };
        let end = span(access)?.end;
        self.replace(end - name.len()..end, &members[(at + 1) % members.len()]);
        Ok(())
    }

    fn literal(&mut self, literal: &Value) -> Result<()> {
        let at = span(literal)?;
        let text = literal["value"].as_str().unwrap_or_default();
        match literal["kind"].as_str().unwrap_or_default() {
            "bool" => self.replace(at, if text == "true" { "false" } else { "true" }),
            "string" if !text.is_empty() => self.replace(at, "\"\""),
            "number" => {
                let unit = literal["subdenomination"].as_str().map(|unit| format!(" {unit}")).unwrap_or_default();
                let number = parse(text).with_context(|| format!("`{text}` is no number"))?;
                for other in [number.checked_add(1), number.checked_sub(1)].into_iter().flatten() {
                    self.replace(at.clone(), &format!("{other}{unit}"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    // ---------------------------------------------------------------- changes

    fn replace(&mut self, at: Range<usize>, replacement: &str) {
        let (head, tail) = (&self.source[self.around.start..at.start], &self.source[at.end..self.around.end]);
        let mutant = Mutant {
            file: self.file.to_owned(),
            function: self.function.clone(),
            start: at.start,
            end: at.end,
            replacement: replacement.to_owned(),
            before: on_one_line(&self.source[self.around.clone()]),
            after: on_one_line(&[head, replacement, tail].concat()),
        };
        let known = |one: &Mutant| (one.start, one.end, &one.replacement) == (at.start, at.end, &mutant.replacement);
        if !self.mutants.iter().any(known) {
            self.mutants.push(mutant);
        }
    }

    /// The tree's statements end before their semicolon.
    fn with_semicolon(&self, statement: &Value) -> Result<Range<usize>> {
        let at = span(statement)?;
        let semicolon = self.source[at.end..].find(';').context("a statement without end")?;
        Ok(at.start..at.end + semicolon + 1)
    }
}

fn kind(node: &Value) -> &str {
    node["nodeType"].as_str().unwrap_or_default()
}

fn type_of(expression: &Value) -> &str {
    expression.pointer("/typeDescriptions/typeString").and_then(Value::as_str).unwrap_or_default()
}

fn list(nodes: &Value) -> impl Iterator<Item = &Value> {
    nodes.as_array().into_iter().flatten()
}

/// `1949:51:22`: first byte, length, file.
fn span(node: &Value) -> Result<Range<usize>> {
    let text = node["src"].as_str().context("a node without its place")?;
    let mut numbers = text.split(':').map(str::parse::<usize>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(start)), Some(Ok(length))) => Ok(start..start + length),
        _ => anyhow::bail!("`{text}` is no place in the source"),
    }
}

fn parse(number: &str) -> Option<u128> {
    match number.strip_prefix("0x") {
        Some(digits) => u128::from_str_radix(digits, 16).ok(),
        None => number.replace('_', "").parse().ok(),
    }
}

fn on_one_line(text: &str) -> String {
    let code = text.lines().flat_map(|line| line.split("//").next());
    code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SOURCE: &str = "contract C { function f(uint a, uint b) m { if (a < b) revert E(a, b); g(); } }";

    fn at(text: &str) -> String {
        format!("{}:{}:0", SOURCE.find(text).unwrap(), text.len())
    }

    fn name(text: &str) -> Value {
        json!({ "nodeType": "Identifier", "src": at(text), "typeDescriptions": { "typeString": "uint256" } })
    }

    /// As the compiler describes `SOURCE`.
    fn tree() -> Value {
        let second = |text: &str, offset: usize| {
            let mut node = name(text);
            node["src"] = json!(format!("{}:1:0", SOURCE.find(text).unwrap() + offset));
            node
        };
        let condition = json!({
            "nodeType": "BinaryOperation", "operator": "<", "src": at("a < b"),
            "leftExpression": second("a < b", 0), "rightExpression": second("a < b", 4),
            "typeDescriptions": { "typeString": "bool" },
        });
        let refusal = json!({
            "nodeType": "FunctionCall", "kind": "functionCall", "src": at("E(a, b)"),
            "expression": { "nodeType": "Identifier" },
            "arguments": [second("E(a, b)", 2), second("E(a, b)", 5)],
        });
        let call = json!({
            "nodeType": "FunctionCall", "kind": "functionCall", "src": at("g()"),
            "expression": { "nodeType": "Identifier" }, "arguments": [],
        });
        json!({ "nodes": [{ "nodeType": "ContractDefinition", "name": "C", "nodes": [{
            "nodeType": "FunctionDefinition", "name": "f", "kind": "function",
            "src": at("function f(uint a, uint b) m { if (a < b) revert E(a, b); g(); }"),
            "modifiers": [{ "kind": "modifierInvocation", "src": at("m {").replace(":3:", ":1:") }],
            "body": {
                "nodeType": "Block", "src": at("{ if (a < b) revert E(a, b); g(); }"),
                "statements": [
                    {
                        "nodeType": "IfStatement", "src": at("if (a < b) revert E(a, b)"), "condition": condition,
                        "trueBody": { "nodeType": "RevertStatement", "src": at("revert E(a, b)"), "errorCall": refusal },
                    },
                    { "nodeType": "ExpressionStatement", "src": at("g()"), "expression": call },
                ],
            },
        }] }] })
    }

    fn generated() -> Vec<Mutant> {
        mutants("C.sol", SOURCE, &tree(), &Enums::new()).unwrap()
    }

    #[test]
    fn every_kind_of_place_is_changed_once_in_each_way() {
        let shown: Vec<(String, String)> = generated().into_iter().map(|one| (one.before, one.after)).collect();
        let head = "function f(uint a, uint b) m";
        let expected = [
            (head, "function f(uint a, uint b)"),
            ("if (a < b)", "if (true)"),
            ("if (a < b)", "if (false)"),
            ("if (a < b)", "if (a <= b)"),
            ("revert E(a, b);", "revert E(b, a);"),
            ("g();", "{}"),
        ];
        assert_eq!(shown, expected.map(|(before, after)| (before.to_owned(), after.to_owned())));
    }

    #[test]
    fn a_mutant_changes_the_bytes_that_it_names() {
        let mutants = generated();
        let swapped = mutants.iter().find(|one| one.after == "revert E(b, a);").unwrap();
        assert_eq!((swapped.file.as_str(), swapped.function.as_str()), ("C.sol", "f"));
        assert_eq!(swapped.apply(SOURCE), SOURCE.replace("E(a, b)", "E(b, a)"));
    }

    #[test]
    fn numbers_are_read_in_either_base() {
        assert_eq!(parse("1_000"), Some(1_000));
        assert_eq!(parse("0x02ff"), Some(767));
        assert_eq!(parse("1e3"), None);
    }
}
