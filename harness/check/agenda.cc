#include "harness/check/agenda.h"

#include <algorithm>

namespace conform {

void Agenda::put(std::size_t who, Session& session, Time wake) {
  auto [at, is_new] = entries_.try_emplace(who, Entry{&session, wake});
  if (is_new) {
    owners_.emplace(&session, who);
  } else if (at->second.wake != wake) {
    by_time_.erase({at->second.wake, who});
    at->second.wake = wake;
  } else {
    return;
  }
  by_time_.emplace(wake, who);
}

void Agenda::remove(std::size_t who) {
  const auto at = entries_.find(who);
  if (at == entries_.end()) return;
  by_time_.erase({at->second.wake, who});
  owners_.erase(at->second.session);
  entries_.erase(at);
}

std::vector<std::size_t> Agenda::next(Time limit) {
  const std::vector<Session*> news = target_->wait(by_time_.empty() ? limit : std::min(limit, by_time_.begin()->first));
  const Time now = target_->now();
  std::vector<std::size_t> due;
  due.reserve(news.size());
  for (const Session* session : news) {
    const auto owner = owners_.find(session);
    if (owner == owners_.end()) continue;
    // Not twice, if its time has come as well.
    if (entries_.at(owner->second).wake > now) due.push_back(owner->second);
  }
  for (auto at = by_time_.begin(); at != by_time_.end() && at->first <= now; ++at) due.push_back(at->second);
  return due;
}

}  // namespace conform
