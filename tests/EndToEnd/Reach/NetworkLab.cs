using System.Diagnostics;
using System.Globalization;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Hosts in network namespaces that exist for one test, and the switches between them. Gone with it.</summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    private readonly List<Process> _holders = [];
    private readonly Dictionary<string, int> _hosts = [];
    private readonly Process _root;

    private NetworkLab(Process root) => _root = root;

    public static async Task<NetworkLab> CreateAsync()
    {
        // cat lives as long as its input is open, so nothing is left behind when the tests are killed.
        var lab = new NetworkLab(await HoldAsync(new("unshare", ["-Urn", "sh", "-c", "echo up; exec cat"])));
        await lab.DoAsync(null, "ip link set lo up");
        return lab;
    }

    /// <summary>Adds a switch.</summary>
    public Task AddSwitchAsync(string name) => DoAsync(null, $"ip link add {name} type bridge mcast_snooping 0 && ip link set {name} up");

    /// <summary>Adds a host without an interface.</summary>
    public async Task AddHostAsync(string name)
    {
        var holder = await HoldAsync(Enter(_root.Id, "unshare", "-n", "sh", "-c", "echo up; exec cat"));
        _holders.Add(holder);
        // The shell that says "up" is the one in the namespace; nsenter and unshare have become it.
        _hosts.Add(name, holder.Id);
        await DoAsync(name, "ip link set lo up");
    }

    /// <summary>Connects a host to a switch, with IPv4 alone.</summary>
    public Task PlugAsync(string host, string port, string address, string bridge) => PlugAsync(host, port, bridge, isIPv6: false, address);

    /// <summary>Connects a host to a switch, with the link-local address of IPv6 and any others that are given; ends when all are good.</summary>
    public Task PlugBothAsync(string host, string port, string bridge, params string[] addresses) => PlugAsync(host, port, bridge, isIPv6: true, addresses);

    private async Task PlugAsync(string host, string port, string bridge, bool isIPv6, params string[] addresses)
    {
        await DoAsync(null, $"ip link add {host}-{port} type veth peer name {port} netns {_hosts[host]} && ip link set {host}-{port} master {bridge} up");
        await DoAsync(host, $"echo {(isIPv6 ? 0 : 1)} > /proc/sys/net/ipv6/conf/{port}/disable_ipv6");
        foreach (var address in addresses)
        {
            await DoAsync(host, $"ip addr add {address} dev {port}");
        }

        await DoAsync(host, $"ip link set {port} up");
        if (isIPv6)
        {
            // The system first asks whether another has the address; it looks good and empty before that begins, too.
            await DoAsync(host, $"while ! ip -6 addr show dev {port} | grep -q 'scope link' "
                + $"|| ip -6 addr show dev {port} tentative | grep -q inet6; do sleep 0.1; done");
        }
    }

    /// <summary>Runs a line of shell on a host, or where the switches are.</summary>
    public async Task DoAsync(string? host, string line)
    {
        using var process = Process.Start(Enter(host is null ? _root.Id : _hosts[host], "sh", "-c", line))!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{line}: {error}");
    }

    /// <summary>Starts a program on a host; it ends with the reader.</summary>
    public LineReader Start(string host, params string[] command)
    {
        var start = Enter(_hosts[host], command);
        start.RedirectStandardInput = true;
        return new(Process.Start(start)!);
    }

    /// <summary>What has to stand before a command so that it runs on a host.</summary>
    public string[] Prefix(string host) =>
        ["nsenter", "--preserve-credentials", "-U", "-n", "-t", _hosts[host].ToString(CultureInfo.InvariantCulture), "--"];

    public async ValueTask DisposeAsync()
    {
        foreach (var holder in _holders.Append(_root))
        {
            holder.StandardInput.Close();
            await holder.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
            holder.Dispose();
        }
    }

    private static ProcessStartInfo Enter(int target, params string[] command) => new(
        "nsenter", ["--preserve-credentials", "-U", "-n", "-t", target.ToString(CultureInfo.InvariantCulture), "--", .. command])
    {
        UseShellExecute = false,
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    };

    private static async Task<Process> HoldAsync(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(ReplicaProcess.Limit);
        Assert.True(line == "up", "No namespace was made.");
        return process;
    }
}
