#include "harness/spec/scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/compiler.h"
#include "harness/spec/lexer.h"
#include "harness/spec/words.h"

namespace conform::spec {

Scope::Scope(std::vector<Source> sources) : sources_(std::move(sources)) {
  words_ = variable_words();
  for (std::string_view state : state_words()) words_.push_back(state);
  for (const Source& source : sources_) {
    definitions_.emplace(source.name, std::nullopt);
    words_.push_back(source.name);
  }
  compile_in_order();
}

Scope Scope::of(const std::vector<Definition>& definitions) {
  std::vector<Source> sources;
  for (const Definition& definition : definitions) sources.push_back({definition.name, definition.value.text()});
  return Scope(std::move(sources));
}

const Code* Scope::definition(std::string_view name) const {
  const auto found = definitions_.find(name);
  return found != definitions_.end() && found->second ? &*found->second : nullptr;
}

// Definitions that need nothing undone are compiled first, round by round; what is left over goes in circles. No
// recursion, so that a long chain of definitions cannot exhaust the stack.
void Scope::compile_in_order() {
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < sources_.size(); ++i) index.emplace(sources_[i].name, i);
  std::vector<std::vector<std::size_t>> needs(sources_.size()), needed_by(sources_.size());
  std::vector<std::size_t> open(sources_.size());
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const auto tokens = tokenize(sources_[i].value, words_);
    if (const auto* list = std::get_if<std::vector<Token>>(&tokens)) {
      for (const Token& token : *list) {
        const auto found = token.kind == Token::Kind::Name ? index.find(token.text) : index.end();
        if (found == index.end()) continue;
        needs[i].push_back(found->second);
        needed_by[found->second].push_back(i);
        ++open[i];
      }
    }
  }
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (open[i] == 0) ready.push_back(i);
  }
  std::vector<bool> done(sources_.size());
  while (!ready.empty()) {
    const std::size_t now = ready.back();
    ready.pop_back();
    compile_one(now);
    done[now] = true;
    for (std::size_t user : needed_by[now]) {
      if (--open[user] == 0) ready.push_back(user);
    }
  }
  report_cycles(needs, done);
}

void Scope::compile_one(std::size_t index) {
  const Source& source = sources_[index];
  std::variant<Code, TextError> result = compile(source.value, *this);
  if (auto* code = std::get_if<Code>(&result)) {
    if (code->state || code->is_state) {
      failures_.push_back({index, {0, "a definition cannot be STATE or the name of a state", "compare them"}});
    } else {
      definitions_.find(source.name)->second = std::move(*code);
    }
  } else {
    failures_.push_back({index, std::get<TextError>(std::move(result))});
  }
}

// From whatever was not done, following what it needs ends in a circle, which is reported at its first member.
void Scope::report_cycles(const std::vector<std::vector<std::size_t>>& needs, const std::vector<bool>& done) {
  std::vector<bool> seen = done;
  for (std::size_t start = 0; start < sources_.size(); ++start) {
    std::vector<std::size_t> path;
    std::size_t now = start;
    while (!seen[now]) {
      seen[now] = true;
      path.push_back(now);
      now = *std::find_if(needs[now].begin(), needs[now].end(), [&](std::size_t need) { return !done[need]; });
    }
    const auto first = std::find(path.begin(), path.end(), now);
    if (first == path.end()) continue;
    std::rotate(first, std::min_element(first, path.end()), path.end());
    std::string text;
    for (auto at = first; at != path.end(); ++at) text += sources_[*at].name + " -> ";
    failures_.push_back(
        {*first, {0, fmt::format("definition in terms of itself: {}{}", text, sources_[*first].name), {}}});
  }
}

}  // namespace conform::spec
