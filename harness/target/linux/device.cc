#include "harness/target/linux/device.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include "harness/target/linux/addresses.h"

namespace conform::kernel {
namespace {

// Waits until a full queue has room again; false when it does not within two seconds.
bool wait_for_room(int fd) {
  pollfd waiting{fd, POLLOUT, 0};
  return poll(&waiting, 1, 2000) > 0;
}

class TunDevice final : public Device {
 public:
  explicit TunDevice(Fd fd) : fd_(std::move(fd)) {}

  int fd() const override { return fd_.get(); }
  bool processes_at_once() const override { return true; }

  Status send(std::span<const std::uint8_t> datagram) override {
    while (write(fd_.get(), datagram.data(), datagram.size()) < 0) {
      if (errno == EINTR) continue;
      if (errno == EINVAL || errno == EMSGSIZE) break;  // neither IPv4 nor IPv6, or too large
      if ((errno == EAGAIN || errno == ENOBUFS) && wait_for_room(fd_.get())) continue;
      return error(fmt::format("the TUN device does not take a datagram: {}", std::strerror(errno)));
    }
    return Done{};
  }

  Status receive(const Sink& sink) override {
    while (true) {
      const ssize_t got = read(fd_.get(), buffer_.data(), buffer_.size());
      if (got >= 0) {
        if (!sink({buffer_.data(), static_cast<std::size_t>(got)})) return Done{};
      } else if (errno == EAGAIN) {
        return Done{};
      } else if (errno != EINTR) {
        return error(fmt::format("the TUN device cannot be read: {}", std::strerror(errno)));
      }
    }
  }

 private:
  Fd fd_;
  std::array<std::uint8_t, 65536> buffer_;
};

// A ring that the kernel fills: it does not depend on net.core.rmem_max, which nobody but the host's root can raise,
// and costs no system call for a datagram.
constexpr std::uint32_t kFrameSize = 2048, kBlockSize = 1u << 16, kBlocks = 256;
constexpr std::uint32_t kFrames = kBlockSize / kFrameSize * kBlocks;

class PacketDevice final : public Device {
 public:
  PacketDevice(Fd fd, std::uint8_t* ring, int index) : fd_(std::move(fd)), ring_(ring), index_(index) {}
  ~PacketDevice() override { munmap(ring_, std::size_t{kBlockSize} * kBlocks); }
  PacketDevice(const PacketDevice&) = delete;
  PacketDevice& operator=(const PacketDevice&) = delete;

  int fd() const override { return fd_.get(); }
  bool processes_at_once() const override { return false; }  // it goes through a queue of the processor's

  Status send(std::span<const std::uint8_t> datagram) override {
    const int version = datagram.empty() ? 0 : datagram[0] >> 4;
    if (version != 4 && version != 6) return Done{};
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(version == 4 ? ETH_P_IP : ETH_P_IPV6);
    to.sll_ifindex = index_;
    to.sll_halen = kTargetLink.size();
    std::copy(kTargetLink.begin(), kTargetLink.end(), to.sll_addr);
    while (sendto(fd_.get(), datagram.data(), datagram.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) < 0) {
      if (errno == EINTR) continue;
      if (errno == EMSGSIZE || errno == EINVAL) break;
      if ((errno == EAGAIN || errno == ENOBUFS) && wait_for_room(fd_.get())) continue;
      return error(fmt::format("the packet socket does not take a datagram: {}", std::strerror(errno)));
    }
    return Done{};
  }

  Status receive(const Sink& sink) override {
    bool lost = false, more = true;
    while (more) {
      std::uint8_t* frame = ring_ + std::size_t{next_} * kFrameSize;
      auto* header = reinterpret_cast<tpacket2_hdr*>(frame);
      const std::uint32_t status = std::atomic_ref(header->tp_status).load(std::memory_order_acquire);
      if ((status & TP_STATUS_USER) == 0) break;
      lost = lost || (status & TP_STATUS_LOSING) != 0;
      const std::size_t at = header->tp_net, size = header->tp_snaplen;
      if (at + size <= kFrameSize && header->tp_len == size) more = sink({frame + at, size});
      std::atomic_ref(header->tp_status).store(TP_STATUS_KERNEL, std::memory_order_release);
      next_ = (next_ + 1) % kFrames;
    }
    if (!lost) return Done{};
    // The mark stays on every frame until the statistics are read.
    tpacket_stats statistics{};
    socklen_t length = sizeof statistics;
    getsockopt(fd_.get(), SOL_PACKET, PACKET_STATISTICS, &statistics, &length);
    return error(fmt::format("the packet socket lost {} datagrams", statistics.tp_drops));
  }

 private:
  Fd fd_;
  std::uint8_t* ring_;
  int index_;
  std::uint32_t next_ = 0;
};

Diagnostics packet_error(const char* step) {
  return error(fmt::format("no packet socket: {}: {}", step, std::strerror(errno)),
               "the kernel needs CONFIG_PACKET (modprobe af_packet, as root)");
}

}  // namespace

Result<Fd> open_tun(const char* name) {
  Fd fd(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return error(fmt::format("cannot open /dev/net/tun: {}", std::strerror(errno)));
  ifreq request{};
  std::string(name).copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(fd.get(), TUNSETIFF, &request) != 0) {
    return error(fmt::format("cannot make a TUN device: {}", std::strerror(errno)));
  }
  return fd;
}

Result<Fd> open_packet_socket(int index) {
  Fd fd(socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));  // protocol 0: deaf until it is bound
  if (!fd) return packet_error("socket");
  const int version = TPACKET_V2, on = 1;
  if (setsockopt(fd.get(), SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0) return packet_error("version");
  const tpacket_req ring{kBlockSize, kBlocks, kFrameSize, kFrames};
  if (setsockopt(fd.get(), SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring) != 0) return packet_error("ring");
  if (setsockopt(fd.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0) return packet_error("direction");
  sockaddr_ll here{};
  here.sll_family = AF_PACKET;
  here.sll_protocol = htons(ETH_P_ALL);
  here.sll_ifindex = index;
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&here), sizeof here) != 0) return packet_error("bind");
  return fd;
}

std::unique_ptr<Device> make_tun_device(Fd fd) { return std::make_unique<TunDevice>(std::move(fd)); }

Result<std::unique_ptr<Device>> make_packet_device(Fd fd, int index) {
  void* ring = mmap(nullptr, std::size_t{kBlockSize} * kBlocks, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (ring == MAP_FAILED) return packet_error("mmap");
  return std::unique_ptr<Device>(
      std::make_unique<PacketDevice>(std::move(fd), static_cast<std::uint8_t*>(ring), index));
}

}  // namespace conform::kernel
