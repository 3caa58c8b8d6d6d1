using System.Reflection;
using System.Runtime.InteropServices;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Chooses the native engine once for the process: the one named, else the newer of the system's and the bundled one.</summary>
public static class SqliteLibrary
{
    /// <summary>Names a native SQLite library to use instead.</summary>
    public const string PathVariable = "REPLICA_SQLITE";

    private const string BundledName = "e_sqlite3";
    private const int BundledVersion = 3_035_005;
    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.dylib"];
    private static readonly Lazy<(string Source, nint Library)> Chosen = new(Choose);

    /// <summary>The version in use, such as <c>3.40.1</c>, and where it comes from: <c>named</c>, <c>system</c> or <c>bundled</c>.</summary>
    public static string Describe()
    {
        // A home without a space has opened no file yet.
        var source = Chosen.Value.Source;
        return $"{SQLitePCL.raw.sqlite3_libversion().utf8_to_string()} ({source})";
    }

    /// <summary>Makes the choice, if it was not made yet.</summary>
    public static void Initialize() => _ = Chosen.Value;

    /// <summary>A function of the chosen engine that the binding does not have.</summary>
    internal static nint Function(string name) => NativeLibrary.GetExport(Chosen.Value.Library, name);

    private static (string Source, nint Library) Choose()
    {
        var provider = Assembly.Load("SQLitePCLRaw.provider.e_sqlite3");
        var (source, library) = Find();
        if (library == 0)
        {
            library = NativeLibrary.Load(BundledName, provider, null);
        }

        NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == BundledName ? library : 0);
        SQLitePCL.Batteries_V2.Init();
        return (source, library);
    }

    private static (string Source, nint Library) Find()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return NativeLibrary.TryLoad(named, out var chosen)
                ? ("named", chosen)
                : throw new StoreException(
                    StoreFault.Engine, $"{PathVariable} names '{named}', which is no library that can be loaded: correct it or unset it.");
        }

        foreach (var name in SystemNames)
        {
            if (NativeLibrary.TryLoad(name, out var system) && VersionOf(system) > BundledVersion)
            {
                return ("system", system);
            }
        }

        return ("bundled", 0);
    }

    private static unsafe int VersionOf(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var function)
            ? ((delegate* unmanaged[Cdecl]<int>)function)()
            : 0;
}
