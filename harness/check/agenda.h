// Agenda owns who is resumed next of all that converse with one target at the same time: those whose time has come, and
// those whose session has something to drain. Nobody else costs anything.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/target/target.h"

namespace conform {

class Agenda {
 public:
  // The target must outlive it.
  explicit Agenda(Target& target) : target_(&target) {}

  // `who`, whose session this is, wants to be resumed at `wake` at the latest. What was said before is forgotten.
  void put(std::size_t who, Session& session, Time wake);
  // `who` is done. Before its session is gone.
  void remove(std::size_t who);
  bool empty() const { return entries_.empty(); }

  // Lets time pass until somebody is to be resumed, at most until `limit`, and gives all who are: first those with news,
  // then those whose time has come, the most overdue first. Each stays on the agenda.
  std::vector<std::size_t> next(Time limit = kNever);

 private:
  struct Entry {
    Session* session = nullptr;
    Time wake{};
  };

  Target* target_;
  std::unordered_map<std::size_t, Entry> entries_;
  std::unordered_map<const Session*, std::size_t> owners_;
  std::set<std::pair<Time, std::size_t>> by_time_;
};

}  // namespace conform
