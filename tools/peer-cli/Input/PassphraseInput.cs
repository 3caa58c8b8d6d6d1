using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Input;

/// <summary>Reads a passphrase from a file, from the input, or from the keyboard without showing it; never from the command line.</summary>
internal static class PassphraseInput
{
    /// <summary>How often it is looked for a key: a read that waits for one could not be ended by Ctrl-C.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>The characters of the first line of a file (<c>-</c> is the input), or what is typed.</summary>
    /// <param name="file">The file; null to ask.</param>
    /// <param name="terminal">Where the question goes.</param>
    /// <param name="isNew">Whether it must be typed twice.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>Characters that the caller wipes.</returns>
    /// <exception cref="UsageException">There is nobody to ask, or the two differ.</exception>
    public static async Task<char[]> ReadAsync(string? file, Terminal terminal, bool isNew, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            using var reader = file == "-"
                ? new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false))
                : new StreamReader(file, new UTF8Encoding(false));
            return (await reader.ReadLineAsync(cancellationToken) ?? "").ToCharArray();
        }

        if (Console.IsInputRedirected || !terminal.ErrorIsScreen)
        {
            throw new UsageException("A passphrase is due and there is nobody to ask: give --passphrase-file FILE, or - for the input.");
        }

        var first = await AskAsync(terminal, "Passphrase: ", cancellationToken);
        if (!isNew)
        {
            return first;
        }

        var isSame = false;
        try
        {
            var second = await AskAsync(terminal, "Once more: ", cancellationToken);
            isSame = first.AsSpan().SequenceEqual(second);
            Wipe(second);
            return isSame ? first : throw new UsageException("The two passphrases differ. Nothing was done.");
        }
        finally
        {
            if (!isSame)
            {
                Wipe(first);
            }
        }
    }

    /// <summary>Overwrites what was read.</summary>
    public static void Wipe(char[] text) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text.AsSpan()));

    private static async Task<char[]> AskAsync(Terminal terminal, string question, CancellationToken cancellationToken)
    {
        // The first look takes the echo away: whoever types as soon as the question stands there is not shown.
        _ = Console.KeyAvailable;
        await terminal.Error.WriteAsync(question);
        var text = new List<char>();
        try
        {
            while (await NextAsync(cancellationToken) is { Key: not ConsoleKey.Enter } key)
            {
                if (key.Key == ConsoleKey.Backspace)
                {
                    text.RemoveRange(Math.Max(0, text.Count - 1), Math.Min(1, text.Count));
                }
                else if (key.KeyChar != '\0')
                {
                    text.Add(key.KeyChar);
                }
            }

            return [.. text];
        }
        finally
        {
            CollectionsMarshal.AsSpan(text).Clear();
            await terminal.Error.WriteAsync('\n');
        }
    }

    private static async Task<ConsoleKeyInfo> NextAsync(CancellationToken cancellationToken)
    {
        while (!Console.KeyAvailable)
        {
            await Task.Delay(s_look, cancellationToken);
        }

        return Console.ReadKey(intercept: true);
    }
}
