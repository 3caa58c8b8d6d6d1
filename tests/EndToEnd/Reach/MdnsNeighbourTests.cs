using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Others' multicast DNS sees what a daemon announces and takes back, and is seen: avahi, and zeroconf for Python.</summary>
public sealed class MdnsNeighbourTests
{
    /// <summary>The interpreter of the system, which has the system's modules.</summary>
    public const string Python = "/usr/bin/python3";

    private const string Anywhere = "tcp://*:7400";

    // avahi wants its user, its folder and a bus of its own: all in namespaces that end with the first process in them.
    private const string Avahi = """
        mount -t tmpfs tmpfs /run && mkdir -p /run/avahi-daemon &&
        (grep '^root:' /etc/passwd; echo avahi:x:0:0::/run:/bin/false) > /run/passwd && mount --bind /run/passwd /etc/passwd &&
        printf 'root:x:0:\navahi:x:0:\nnetdev:x:0:\n' > /run/group && mount --bind /run/group /etc/group &&
        printf '<busconfig><type>system</type><listen>unix:path=/run/bus</listen><auth>EXTERNAL</auth>' > /run/bus.conf &&
        printf '<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>' >> /run/bus.conf &&
        printf '[server]\nuse-ipv4=%s\nuse-ipv6=%s\nhost-name=neighbour\n' "$1" "$2" > /run/avahi.conf &&
        export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus
        dbus-daemon --config-file=/run/bus.conf --nofork 2> /dev/null &
        while ! [ -S /run/bus ]; do sleep 0.1; done
        avahi-daemon --no-drop-root --no-chroot --no-rlimits -f /run/avahi.conf > /run/avahi.log 2>&1 &
        while ! grep -q 'startup complete' /run/avahi.log; do sleep 0.1; done
        avahi-publish -s 00112233aabbccdd _replica._tcp 7555 v=1 t=0011223344556677 > /dev/null 2>&1 &
        avahi-browse -rp _replica._tcp &
        cat > /dev/null
        """;

    private const string Zeroconf = """
        import socket, sys
        from zeroconf import IPVersion, ServiceBrowser, ServiceInfo, Zeroconf
        class Listener:
            def add_service(self, zc, kind, name):
                info = zc.get_service_info(kind, name, 3000)
                if info: print('=', name, ','.join(info.parsed_addresses()), info.port, flush=True)
            def remove_service(self, zc, kind, name): print('-', name, flush=True)
            def update_service(self, zc, kind, name): pass
        own = sys.argv[1]
        if ':' in own: zc = Zeroconf(interfaces=[socket.if_nametoindex('eth0')], ip_version=IPVersion.V6Only)
        else: zc = Zeroconf(interfaces=[own])
        zc.register_service(ServiceInfo('_replica._tcp.local.', '00112233aabbccdd._replica._tcp.local.', port=7555, server='neighbour.local.',
            addresses=[socket.inet_pton(socket.AF_INET6 if ':' in own else socket.AF_INET, own)], properties={'v': '1', 't': '0011223344556677'}))
        browser = ServiceBrowser(zc, '_replica._tcp.local.', Listener())
        sys.stdin.read()
        zc.close()
        """;

    [NeighbourTheory(Neighbour.Avahi)]
    [InlineData(false)]
    [InlineData(true)]
    public Task Avahi_sees_a_daemon_come_and_go_and_is_seen(bool isIPv6) => SeesAndIsSeenAsync(
        isIPv6, "unshare", "-mp", "--fork", "--kill-child", "sh", "-c", Avahi, "avahi", isIPv6 ? "no" : "yes", isIPv6 ? "yes" : "no");

    [NeighbourTheory(Neighbour.Zeroconf)]
    [InlineData(false)]
    [InlineData(true)]
    public Task Zeroconf_sees_a_daemon_come_and_go_and_is_seen(bool isIPv6) =>
        SeesAndIsSeenAsync(isIPv6, Python, "-c", Zeroconf, isIPv6 ? "fe80::3" : "10.9.0.3");

    private static async Task SeesAndIsSeenAsync(bool isIPv6, params string[] command)
    {
        await using var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("lan");
        foreach (var (host, number) in new[] { ("a", 1), ("neighbour", 3) })
        {
            await lab.AddHostAsync(host);
            if (isIPv6)
            {
                // One address of our choice, which is the only one.
                await lab.PlugBothAsync(host, "eth0", "lan");
                await lab.DoAsync(host, $"ip addr flush dev eth0 && ip addr add fe80::{number}/64 dev eth0 nodad");
            }
            else
            {
                await lab.PlugAsync(host, "eth0", $"10.9.0.{number}/24", "lan");
            }
        }

        await using var neighbour = lab.Start("neighbour", command);
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartBehindAsync(lab.Prefix("a"), home, "--listen", Anywhere);

        var seen = await LineAsync(neighbour, static line => line[0] == '=' && !line.Contains("00112233aabbccdd", StringComparison.Ordinal));

        Assert.Contains(isIPv6 ? "fe80::1" : "10.9.0.1", seen, StringComparison.Ordinal);
        Assert.Contains("7400", seen, StringComparison.Ordinal);
        await Eventually.SaysAsync(() => home.DoAsync("doctor"), isIPv6 ? "At tcp://[fe80::3%" : "At tcp://10.9.0.3:7555 somebody runs Replica");

        _ = await daemon.StopAsync();
        var gone = await LineAsync(neighbour, static line => line[0] == '-');
        Assert.DoesNotContain("00112233aabbccdd", gone, StringComparison.Ordinal);
        neighbour.Process.StandardInput.Close();
        await neighbour.Process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
    }

    private static async Task<string> LineAsync(LineReader reader, Predicate<string> isIt)
    {
        while (true)
        {
            var line = await reader.NextAsync();
            if (line.Length > 0 && isIt(line))
            {
                return line;
            }
        }
    }
}
