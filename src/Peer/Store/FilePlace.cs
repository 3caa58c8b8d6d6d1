using System.Globalization;
using Replica.Peer.Files;
using Replica.Peer.Store.Incarnations;

namespace Replica.Peer.Store;

/// <summary>A database in a file, on this machine.</summary>
internal sealed class FilePlace(string path) : IStorePlace, IDisposable
{
    /// <summary>How the file beside a database is called: its name and this.</summary>
    public const string Suffix = "-incarnation";

    private const string MachineFile = "/etc/machine-id";
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    // Held open: what goes out live waits for a write to this file.
    private FileStream? _sidecar;

    /// <inheritdoc/>
    public PlaceFacts Look() => Guarded(() =>
    {
        var machine = ReadLine(MachineFile) ?? Environment.MachineName;
        var boot = ReadLine(BootFile) ?? "";
        if (OperatingSystem.IsLinux() && LinuxFile.TryLook(path) is { } file)
        {
            return new PlaceFacts(Short(machine), Short(boot), file.Name, file.ChangeTime);
        }

        // Elsewhere a copy is told by when it was made; a close by the last write. What can't be told counts as equal.
        var made = File.GetCreationTimeUtc(path).Ticks.ToString(CultureInfo.InvariantCulture);
        return new PlaceFacts(Short(machine), Short(boot), made, File.GetLastWriteTimeUtc(path).Ticks);
    });

    /// <inheritdoc/>
    public byte[]? ReadSidecar() => Guarded(() =>
    {
        if (!File.Exists(path + Suffix))
        {
            return null;
        }

        // Whatever is longer than a record is none.
        using var file = File.OpenRead(path + Suffix);
        var bytes = new byte[IncarnationRecord.Size + 1];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    });

    /// <inheritdoc/>
    public void WriteSidecar(ReadOnlySpan<byte> bytes, bool isOnDisk)
    {
        var copy = bytes.ToArray();
        _ = Guarded(() =>
        {
            try
            {
                _sidecar ??= OwnerFile.Create(path + Suffix, FileMode.OpenOrCreate);
                RandomAccess.Write(_sidecar.SafeFileHandle, copy, 0);
                if (isOnDisk)
                {
                    RandomAccess.FlushToDisk(_sidecar.SafeFileHandle);
                }
            }
            catch
            {
                Dispose();
                throw;
            }

            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sidecar?.Dispose();
        _sidecar = null;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.InputOutput, $"'{path + Suffix}' can't be used: {fault.Message}", fault);
        }
    }

    private static string? ReadLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Short(string text) => text.Length <= PlaceFacts.TextBytesMax / 3 ? text : text[..(PlaceFacts.TextBytesMax / 3)];
}
