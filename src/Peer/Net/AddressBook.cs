using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Replica.Peer.Files;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>The addresses that led to devices, newest first, kept in the home for the next start. Any thread may call.</summary>
/// <remarks>
/// A text file, one line an address: <c>device (64 hex digits) ‖ blank ‖ Unix milliseconds ‖ blank ‖ address</c>. It is a
/// hint and no more: who answers proves who it is. A line that can't be read is left out, and losing the file costs time only.
/// Link-local addresses are not kept: at the next start the number of their interface may be another's.
/// </remarks>
internal sealed class AddressBook(string path, ILogger log)
{
    /// <summary>The file's name in a home.</summary>
    public const string FileName = "addresses";

    private const int AddressesPerDeviceMax = 4;
    private const int AddressesMax = 1_024;
    private const long FileBytesMax = 1024 * 1024;

    private readonly Lock _gate = new();
    private List<(DeviceKey Device, long At, PeerAddress Address)> _entries = [];

    /// <summary>Reads the file.</summary>
    public IReadOnlyList<(DeviceKey Device, PeerAddress Address)> Load()
    {
        lock (_gate)
        {
            try
            {
                _entries = File.Exists(path) && new FileInfo(path).Length <= FileBytesMax
                    ? [.. File.ReadLines(path).Select(Parse).OfType<(DeviceKey, long, PeerAddress)>().Take(AddressesMax)]
                    : [];
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                PeerLog.AddressesNotKept(log, path, fault.Message);
            }

            return [.. _entries.Select(static entry => (entry.Device, entry.Address))];
        }
    }

    /// <summary>Keeps an address that led to a device. Nothing is written while the newest stays the same.</summary>
    public void Record(DeviceKey device, PeerAddress address, DateTimeOffset now)
    {
        if (address.IsOnLink)
        {
            return;
        }

        lock (_gate)
        {
            if (_entries.FirstOrDefault(entry => entry.Device == device).Address == address)
            {
                return;
            }

            _ = _entries.RemoveAll(entry => entry.Device == device && entry.Address == address);
            _entries.Insert(0, (device, now.ToUnixTimeMilliseconds(), address));
            _entries = [.. _entries.GroupBy(static entry => entry.Device).SelectMany(static one => one.Take(AddressesPerDeviceMax))];
            _entries = [.. _entries.OrderByDescending(static entry => entry.At).Take(AddressesMax)];
            Write();
        }
    }

    private static (DeviceKey, long, PeerAddress)? Parse(string line)
    {
        var parts = line.Split(' ', 3);
        return parts.Length == 3
            && DeviceKey.TryParse(parts[0], out var device)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && PeerAddress.TryParse(parts[2], out var address, out _) && !address.IsOnLink
            ? (device, at, address)
            : null;
    }

    private void Write()
    {
        var text = new StringBuilder();
        foreach (var (device, at, address) in _entries)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{device} {at} {address}\n");
        }

        try
        {
            OwnerFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()), overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            PeerLog.AddressesNotKept(log, path, fault.Message);
        }
    }
}
