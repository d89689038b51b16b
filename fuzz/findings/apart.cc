#include "fuzz/findings/apart.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace conform::fuzz {

std::optional<std::string> ends_its_process(const std::function<void()>& what, unsigned seconds) {
  const pid_t child = fork();
  if (child < 0) return fmt::format("cannot fork: {}", std::strerror(errno));
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    std::signal(SIGALRM, SIG_DFL);
    alarm(seconds);
    what();
    _exit(0);
  }
  int how = 0;
  while (waitpid(child, &how, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(how)) {
    return WTERMSIG(how) == SIGALRM ? "hang" : fmt::format("signal {}", strsignal(WTERMSIG(how)));
  }
  if (WEXITSTATUS(how) != 0) return fmt::format("exit status {}", WEXITSTATUS(how));
  return std::nullopt;
}

}  // namespace conform::fuzz
