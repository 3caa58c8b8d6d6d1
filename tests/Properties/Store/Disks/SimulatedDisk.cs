namespace Replica.Tests.Properties.Store.Disks;

/// <summary>A disk in memory that SQLite works on: it keeps what was asked of it, and fails when told to.</summary>
internal sealed class SimulatedDisk : IDisposable
{
    private readonly Dictionary<string, DiskFile> _files = [];
    private readonly DiskFileSystem _system;

    public SimulatedDisk(IReadOnlyDictionary<string, byte[]>? files = null)
    {
        foreach (var (path, content) in files ?? new Dictionary<string, byte[]>())
        {
            _files.Add(path, new(path, [.. content]));
        }

        _system = new(this);
    }

    /// <summary>The name to open databases with.</summary>
    public string Name => _system.Name;

    /// <summary>Guards all of it: SQLite calls from any thread.</summary>
    public Lock Gate { get; } = new();

    /// <summary>All that changed the disk or made it wait, in order.</summary>
    public List<DiskOperation> Operations { get; } = [];

    /// <summary>Asked before each of them; what it gives, if not 0, is the error that SQLite gets instead.</summary>
    public Func<DiskOperation, int>? Fault { get; set; }

    /// <summary>Asked before each read.</summary>
    public Func<string, long, int>? ReadFault { get; set; }

    /// <summary>Whether a write that fails has written its first half.</summary>
    public bool TearsAtFault { get; set; }

    /// <summary>Whether a file keeps bytes outside of what is written whole, even if the power goes.</summary>
    public bool HasPowersafeOverwrite { get; init; } = true;

    /// <summary>Takes a file away, or puts another in its place, behind SQLite's back.</summary>
    public void Replace(string path, byte[]? content)
    {
        lock (Gate)
        {
            _ = _files.Remove(path);
            if (content is not null)
            {
                _files.Add(path, new(path, content));
            }
        }
    }

    public int Count(DiskOperationKind kind, string suffix = "")
    {
        lock (Gate)
        {
            return Operations.Count(operation => operation.Kind == kind && operation.Path.EndsWith(suffix, StringComparison.Ordinal));
        }
    }

    public long LengthOf(string path)
    {
        lock (Gate)
        {
            return _files.TryGetValue(path, out var file) ? file.Length : 0;
        }
    }

    public Dictionary<string, byte[]> ToFiles()
    {
        lock (Gate)
        {
            return _files.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToArray());
        }
    }

    public void Dispose()
    {
        _system.Dispose();
        foreach (var file in _files.Values)
        {
            file.FreeRegions();
        }
    }

    /// <summary>The file, made if allowed; nothing if it is not there, or an error.</summary>
    internal int Open(string path, bool mayCreate, out DiskFile? file)
    {
        if (_files.TryGetValue(path, out file))
        {
            return Sqlite3.Ok;
        }

        if (!mayCreate)
        {
            return Sqlite3.CantOpen;
        }

        var error = Ask(new(DiskOperationKind.Create, path, 0, []));
        if (error == Sqlite3.Ok)
        {
            _files.Add(path, file = new(path, []));
        }

        return error;
    }

    internal bool Holds(DiskFile file) => _files.GetValueOrDefault(file.Path) == file;

    internal bool Contains(string path) => _files.ContainsKey(path);

    internal int Write(DiskFile file, ReadOnlySpan<byte> bytes, long offset)
    {
        var error = Ask(new(DiskOperationKind.Write, file.Path, offset, bytes.ToArray()));
        if (error == Sqlite3.Ok)
        {
            file.Write(bytes, offset);
        }
        else if (TearsAtFault)
        {
            var half = bytes[..(bytes.Length / 2)];
            Operations.Add(new(DiskOperationKind.Write, file.Path, offset, half.ToArray()));
            file.Write(half, offset);
        }

        return error;
    }

    internal int Truncate(DiskFile file, long length)
    {
        var error = Ask(new(DiskOperationKind.Truncate, file.Path, length, []));
        if (error == Sqlite3.Ok)
        {
            file.Truncate(length);
        }

        return error;
    }

    internal int Sync(DiskFile file)
    {
        var error = Ask(new(DiskOperationKind.Sync, file.Path, 0, []));
        if (error != Sqlite3.Ok)
        {
            Operations.Add(new(DiskOperationKind.FailedSync, file.Path, 0, []));
        }

        return error;
    }

    internal int Delete(string path)
    {
        if (!_files.TryGetValue(path, out var file))
        {
            return Sqlite3.DeleteNoEntry;
        }

        var error = Ask(new(DiskOperationKind.Delete, path, 0, []));
        if (error == Sqlite3.Ok)
        {
            _ = _files.Remove(path);
            file.FreeRegions();
        }

        return error;
    }

    private int Ask(DiskOperation operation)
    {
        var error = Fault?.Invoke(operation) ?? Sqlite3.Ok;
        if (error == Sqlite3.Ok)
        {
            Operations.Add(operation);
        }

        return error;
    }
}
