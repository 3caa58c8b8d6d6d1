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
    private static readonly IPAddress Group = IPAddress.Parse("224.0.0.251");

    /// <summary>Lies until its input ends; the addresses from NETWORK.1 on are its own.</summary>
    public static async Task RunAsync(string network, int addresses)
    {
        var own = Enumerable.Range(1, addresses).Select(i => IPAddress.Parse($"{network}.{i}")).ToArray();
        var mouths = own.Select(Open).ToArray();
        var heard = new List<byte[]>();
        using var ear = Open(IPAddress.Any);
        ear.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group, own[0]));
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
            (1, { } bytes) => WithAddress(bytes, new([10, 9, (byte)(100 + (number / 250 % 8)), (byte)(number % 250)])),
            (2, { } bytes) => Goodbye(bytes),
            _ => Invented(number),
        };
        _ = mouths[mouth].SendTo(packet, new IPEndPoint(Group, Port));
    }

    // The last record of an announcement is the address.
    private static byte[] WithAddress(byte[] truth, IPAddress address) => [.. truth[..^4], .. address.GetAddressBytes()];

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
        try
        {
            while (true)
            {
                var packet = await ear.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
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

    private static Socket Open(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ExclusiveAddressUse = false;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 255);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, false);
        if (!address.Equals(IPAddress.Any))
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, address.GetAddressBytes());
        }

        socket.Bind(new IPEndPoint(address, Port));
        return socket;
    }
}
