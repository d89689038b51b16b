#include "fuzz/campaign/campaign.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "fuzz/campaign/shared.h"
#include "fuzz/campaign/worker.h"
#include "fuzz/findings/name.h"
#include "fuzz/findings/write.h"

namespace conform::fuzz {

namespace {

constexpr Duration kLook = std::chrono::milliseconds(200);
constexpr Duration kTell = std::chrono::seconds(1);
// A worker that begins nothing for so long hangs.
constexpr Duration kHang = std::chrono::seconds(30);
// A target that kills so many workers leaves nothing to be found.
constexpr int kMostDeaths = 50;

class Campaign {
 public:
  Campaign(const CampaignOptions& options, const std::function<void(const CampaignStatus&)>& on_status)
      : options_(options), on_status_(on_status), board_(make_board()), began_(steady_now()),
        deadline_(options.time == kNever ? kNever : began_ + options.time) {}

  CampaignStatus run() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      status_.troubles.push_back(fmt::format("no pipe: {}", std::strerror(errno)));
      return status_;
    }
    listen_ = ends[0], talk_ = ends[1];
    fcntl(listen_, F_SETFL, O_NONBLOCK);
    const std::size_t jobs = std::clamp<std::size_t>(options_.jobs, 1, kMaxWorkers);
    for (std::size_t number = 0; number < jobs; ++number) start(number);
    while (std::ranges::any_of(workers_, [](const Process& worker) { return worker.pid > 0; })) look();
    hear();
    close(listen_);
    close(talk_);
    tell();
    return status_;
  }

 private:
  struct Process {
    pid_t pid = 0;              // 0: gone
    std::uint64_t beats = 0;
    Time beat_at{};
    int starts = 0;
  };

  void start(std::size_t number) {
    if (workers_.size() <= number) workers_.resize(number + 1);
    Process& worker = workers_[number];
    const std::uint64_t seed = options_.seed + 1000003u * number + 7919u * static_cast<std::uint64_t>(worker.starts++);
    const pid_t pid = fork();
    if (pid == 0) {
      const int code = run_worker(options_, number, seed, deadline_, *board_, Reporter(talk_));
      _exit(code);   // nothing of the parent's is torn down here
    }
    if (pid < 0) status_.troubles.push_back(fmt::format("no worker: {}", std::strerror(errno)));
    worker.pid = std::max<pid_t>(pid, 0);
    worker.beat_at = steady_now();
  }

  void look() {
    pollfd listen{listen_, POLLIN, 0};
    poll(&listen, 1, static_cast<int>(to_ms(kLook)));
    if (options_.stop && options_.stop->load()) board_->stop = true;
    hear();
    for (std::size_t number = 0; number < workers_.size(); ++number) watch(number);
    if (steady_now() - told_ >= kTell) tell();
  }

  // Whether the worker still lives and still works.
  void watch(std::size_t number) {
    Process& worker = workers_[number];
    if (worker.pid == 0) return;
    int how = 0;
    if (waitpid(worker.pid, &how, WNOHANG) == worker.pid) {
      worker.pid = 0;
      if (WIFEXITED(how)) {
        status_.target_failed |= WEXITSTATUS(how) == kWorkerNoTarget;
        return;
      }
      buried(number, hung_ == number ? "hang" : fmt::format("signal {}", strsignal(WTERMSIG(how))));
      return;
    }
    const std::uint64_t beats = board_->workers[number].beats.load(std::memory_order_relaxed);
    if (beats != worker.beats) {
      worker.beats = beats;
      worker.beat_at = steady_now();
    } else if (steady_now() - worker.beat_at > kHang) {
      hung_ = number;
      kill(worker.pid, SIGKILL);
    }
  }

  // The target took its worker with it: what was under way is the finding.
  void buried(std::size_t number, const std::string& how) {
    hung_ = kNobody;
    const std::string name = name_of_death(how);
    found(name);
    const std::string folder = options_.findings_folder + "/" + name;
    if (!std::filesystem::exists(folder)) {
      const Status written = write_death(board_->workers[number].under_way(), how, options_.target, folder);
      if (!written) status_.troubles.push_back(to_string(written.diagnostics()));
    }
    if (++deaths_ < kMostDeaths && !board_->stop) start(number);
  }

  void hear() {
    char buffer[4096];
    for (ssize_t got = 0; (got = read(listen_, buffer, sizeof buffer)) > 0;) heard_.append(buffer, static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = heard_.find('\n')) != std::string::npos; heard_.erase(0, end + 1)) {
      const std::string line = heard_.substr(0, end);
      const std::size_t blank = line.find(' ');
      if (line.starts_with("finding ")) found(line.substr(blank + 1));
      else status_.troubles.push_back(line.substr(blank + 1));
    }
  }

  void found(const std::string& name) {
    if (std::ranges::find(status_.findings, name) == status_.findings.end()) status_.findings.push_back(name);
  }

  void tell() {
    told_ = steady_now();
    status_.elapsed = told_ - began_;
    status_.executions = board_->executions();
    status_.known = board_->known;
    status_.pool = board_->pool;
    status_.rows = board_->reached.rows();
    status_.transitions = board_->reached.transitions();
    if (on_status_) on_status_(status_);
  }

  static constexpr std::size_t kNobody = ~std::size_t{0};

  const CampaignOptions& options_;
  const std::function<void(const CampaignStatus&)>& on_status_;
  std::unique_ptr<Board, UnmapBoard> board_;
  Time began_, deadline_, told_{};
  std::vector<Process> workers_;
  std::size_t hung_ = kNobody;
  int deaths_ = 0;
  int listen_ = -1, talk_ = -1;
  std::string heard_;
  CampaignStatus status_;
};

}  // namespace

CampaignStatus run_campaign(const CampaignOptions& options, const std::function<void(const CampaignStatus&)>& on_status) {
  return Campaign(options, on_status).run();
}

}  // namespace conform::fuzz
