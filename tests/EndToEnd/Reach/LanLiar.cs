using System.Net;
using System.Net.Sockets;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>A program that lies on the local network: two thousand times a second it repeats what it heard with other addresses,
/// takes names back that are not its own, and invents peers. From many addresses at once.</summary>
internal static class LanLiar
{
    public const string Command = "lie";

    private const int Port = 5353;
    private const int PacketsATick = 20;
    private const int HeardMax = 16;
    private static readonly IPAddress OldGroup = IPAddress.Parse("224.0.0.251");
    private static readonly IPAddress NewGroup = IPAddress.Parse("ff02::fb");

    /// <summary>Lies until its input ends; the addresses are its own that begin with the network and end in a number from 1 on.</summary>
    public static async Task RunAsync(string network, int addresses)
    {
        var own = Enumerable.Range(1, addresses).Select(i => IPAddress.Parse(network.Contains(':') ? $"{network}{i:x}" : $"{network}{i}")).ToArray();
        var mouths = own.Select(Open).ToArray();
        var heard = new List<byte[]>();
        var isOld = own[0].AddressFamily == AddressFamily.InterNetwork;
        using var ear = Open(isOld ? IPAddress.Any : IPAddress.IPv6Any);
        ear.SetSocketOption(
            LevelOf(own[0]), SocketOptionName.AddMembership, isOld ? new MulticastOption(OldGroup, own[0]) : new IPv6MulticastOption(NewGroup, Link()));
        var hearing = HearAsync(ear, own, heard);
        Console.WriteLine("up");
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var ended = Console.In.ReadLineAsync();
        for (var i = 0; !ended.IsCompleted; i++)
        {
            _ = await tick.WaitForNextTickAsync();
            for (var n = 0; n < PacketsATick; n++)
            {
                Say(mouths, own, heard, (i * PacketsATick) + n);
            }
        }

        ear.Dispose();
        await hearing;
    }

    private static void Say(Socket[] mouths, IPAddress[] own, List<byte[]> heard, int number)
    {
        byte[][] truths;
        lock (heard)
        {
            truths = [.. heard];
        }

        var mouth = number % mouths.Length;
        var truth = truths.Length > 0 ? truths[number % truths.Length] : null;
        var packet = (number % 4, truth) switch
        {
            // The name of another, at an address of this liar's own, or at one of nobody's; or taken back.
            (0, { } bytes) => WithAddress(bytes, own[mouth]),
            (1, { } bytes) => WithAddress(bytes, Nobody(own[0].AddressFamily, number)),
            (2, { } bytes) => Goodbye(bytes),
            _ => Invented(number),
        };
        _ = mouths[mouth].SendTo(packet, new IPEndPoint(own[mouth].AddressFamily == AddressFamily.InterNetwork ? OldGroup : NewGroup, Port));
    }

    // The last record of an announcement is the address: here it has one alone.
    private static byte[] WithAddress(byte[] truth, IPAddress address) =>
        [.. truth[..^address.GetAddressBytes().Length], .. address.GetAddressBytes()];

    private static IPAddress Nobody(AddressFamily family, int number) => family == AddressFamily.InterNetwork
        ? new([10, 9, (byte)(100 + (number / 250 % 8)), (byte)(number % 250)])
        : IPAddress.Parse($"fe80::4:{number % 2_000:x}");

    /// <summary>The first record of an announcement, which names it, with 0 seconds.</summary>
    private static byte[] Goodbye(byte[] truth)
    {
        // Header, the service's name (_replica._tcp.local), type, class; then the seconds and the name it points to.
        const int SecondsAt = 12 + 21 + 4;
        var length = (truth[SecondsAt + 4] << 8) | truth[SecondsAt + 5];
        var packet = truth[..(SecondsAt + 6 + length)];
        packet.AsSpan(4, 8).Clear();
        packet[7] = 1;
        packet.AsSpan(SecondsAt, 4).Clear();
        return packet;
    }

    private static byte[] Invented(int number)
    {
        var name = System.Text.Encoding.ASCII.GetBytes(number.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        byte[] service = [8, .. "_replica"u8, 4, .. "_tcp"u8, 5, .. "local"u8, 0];
        return [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, .. service, 0, 12, 0, 1, 0, 0, 0, 120, 0, 19, 16, .. name, 0xc0, 12];
    }

    private static async Task HearAsync(Socket ear, IPAddress[] own, List<byte[]> heard)
    {
        var buffer = new byte[9_000];
        var any = new IPEndPoint(ear.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                var packet = await ear.ReceiveFromAsync(buffer, any);
                var bytes = buffer[..packet.ReceivedBytes];
                if (bytes[2] == 0x84 && bytes.Length > 100 && !own.Contains(((IPEndPoint)packet.RemoteEndPoint).Address))
                {
                    lock (heard)
                    {
                        heard.Add(bytes);
                        heard.RemoveRange(0, Math.Max(0, heard.Count - HeardMax));
                    }
                }
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The liar has been told to end.
        }
    }

    private static SocketOptionLevel LevelOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? SocketOptionLevel.IP : SocketOptionLevel.IPv6;

    /// <summary>The number of the one interface beside loopback.</summary>
    private static int Link() => (int)IPAddress.Parse("fe80::1%eth0").ScopeId;

    private static Socket Open(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.ExclusiveAddressUse = false;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.SetSocketOption(LevelOf(address), SocketOptionName.MulticastTimeToLive, 255);
        socket.SetSocketOption(LevelOf(address), SocketOptionName.MulticastLoopback, false);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, Link());
        }
        else if (!address.Equals(IPAddress.Any))
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, address.GetAddressBytes());
        }

        socket.Bind(new IPEndPoint(address, Port));
        return socket;
    }
}
