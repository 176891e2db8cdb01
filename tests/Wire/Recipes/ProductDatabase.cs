using Microsoft.Data.Sqlite;

namespace Bixbite.Wire.Recipes;

/// <summary>A SQLite file with a hundred products, which counts the queries it gets.</summary>
internal sealed class ProductDatabase : IDisposable
{
    public const int RowCount = 100;

    private readonly SqliteConnection _connection;

    public ProductDatabase(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        Execute(
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {RowCount}) " +
            "INSERT INTO product SELECT i, 'product ' || i FROM n");
    }

    public int Queries { get; private set; }

    public string? NameOf(int id)
    {
        Queries++;
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT name FROM product WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return (string?)command.ExecuteScalar();
    }

    public void Rename(int id, string name)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "UPDATE product SET name = $name WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$name", name);
        command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
